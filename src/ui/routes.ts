import { wrap } from 'svelte-spa-router/wrap';

/** Every screen is its own chunk, loaded when its route is opened. */
const SCREENS = {
  '/': () => import('./screens/Subscriptions.svelte'),
  '/home': () => import('./screens/Home.svelte'),
  '/home/projection': () => import('./screens/Projection.svelte'),
  '/subscriptions/:product?': () => import('./screens/Subscriptions.svelte'),
  '/subscriptions/:product/rules': () => import('./screens/Rules.svelte'),
  '/unsynced': () => import('./screens/Unsynced.svelte'),
  '/unsynced/reconciliation': () => import('./screens/Reconciliation.svelte'),
  '/history': () => import('./screens/History.svelte'),
  '/history/month': () => import('./screens/MonthThen.svelte'),
  '/import': () => import('./screens/Import.svelte'),
  '/sync/:product/:site': () => import('./screens/Sync.svelte'),
  '/delivery/:plan': () => import('./screens/Delivery.svelte'),
  '/tools/business-automation/:connection?/:tab?': () => import('./screens/BusinessAutomation.svelte'),
  '/settings': () => import('./screens/Settings.svelte'),
  '*': () => import('./screens/NotFound.svelte'),
};

export const routes = Object.fromEntries(Object.entries(SCREENS).map(([path, load]) => [path, wrap({ asyncComponent: load })]));

/** Loads the screen of an address such as '#/unsynced' ahead of its route. Where it cannot be loaded now, the route tries again and says so. */
export function loadScreen(hash: string): void {
  const pattern = patternOf(hash);
  if (pattern !== null) void SCREENS[pattern]().catch(() => undefined);
}

/** The route of an address, by the longest part that has no parameter; null where there is none. */
export function patternOf(hash: string): keyof typeof SCREENS | null {
  const path = hash.replace(/^#|[?].*$/g, '') || '/';
  const patterns = (Object.keys(SCREENS) as (keyof typeof SCREENS)[]).filter((pattern) => {
    const fixed = fixedPart(pattern);
    return path === fixed || path.startsWith(`${fixed}/`);
  });
  return patterns.sort((left, right) => fixedPart(right).length - fixedPart(left).length)[0] ?? null;
}

function fixedPart(pattern: string): string {
  return pattern.split('/:')[0] ?? '';
}
