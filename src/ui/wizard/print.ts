/** Prints one part of the page and nothing beside it. */
export function printAlone(part: HTMLElement): void {
  part.classList.add('printed');
  document.body.dataset['prints'] = 'part';
  const whole = (): void => {
    part.classList.remove('printed');
    delete document.body.dataset['prints'];
  };
  window.addEventListener('afterprint', whole, { once: true });
  window.print();
}
