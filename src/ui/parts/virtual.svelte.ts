import { elementScroll, observeElementOffset, observeElementRect, Virtualizer, type VirtualItem } from '@tanstack/virtual-core';
import { untrack } from 'svelte';

interface Options {
  readonly count: number;
  readonly scroller: HTMLElement | null;
  /** Height of a row before it is measured, in pixels. */
  readonly estimate: number;
  readonly keyOf: (index: number) => string;
}

/** Pixels of rows drawn beyond either end of what is in view. */
const SPARE = 450;

export interface VirtualView {
  readonly items: readonly VirtualItem[];
  readonly total: number;
  /** For `{@attach}`: measures the row that carries `data-index`. */
  readonly measure: (node: HTMLElement) => void;
  scrollTo(index: number): void;
}

/** Only the rows in view are in the document. Options come from a getter, so that count and scroller are followed. */
export function useVirtual(options: () => Options): VirtualView {
  let version = $state(0);
  const resolve = () => {
    const { count, scroller, estimate, keyOf } = options();
    return {
      count,
      overscan: Math.ceil(SPARE / estimate),
      getScrollElement: () => scroller,
      estimateSize: () => estimate,
      getItemKey: keyOf,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: () => {
        version++;
      },
    };
  };
  const virtualizer = new Virtualizer<HTMLElement, HTMLElement>(untrack(resolve));
  $effect(() => virtualizer._didMount());
  $effect(() => {
    const resolved = resolve();
    untrack(() => {
      virtualizer.setOptions(resolved);
      virtualizer._willUpdate();
      version++;
    });
  });
  return {
    get items() {
      return version < 0 ? [] : virtualizer.getVirtualItems();
    },
    get total() {
      return version < 0 ? 0 : virtualizer.getTotalSize();
    },
    measure: (node) => untrack(() => virtualizer.measureElement(node)),
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
  };
}
