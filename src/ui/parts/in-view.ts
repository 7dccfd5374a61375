/** For `{@attach}`: scrolls the row of steps or tabs that holds the current one sideways until it is in the middle; the page stays. */
export function inView(node: HTMLElement): void {
  const row = node.parentElement;
  if (row !== null) row.scrollLeft = node.offsetLeft - (row.clientWidth - node.offsetWidth) / 2;
}
