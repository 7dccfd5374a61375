import { wrap } from 'svelte-spa-router/wrap';

/** Every screen is its own chunk, loaded when its route is opened. */
export const routes = {
  '/': wrap({ asyncComponent: () => import('./screens/Subscriptions.svelte') }),
  '/home': wrap({ asyncComponent: () => import('./screens/Home.svelte') }),
  '/home/projection': wrap({ asyncComponent: () => import('./screens/Projection.svelte') }),
  '/subscriptions/:product?': wrap({ asyncComponent: () => import('./screens/Subscriptions.svelte') }),
  '/subscriptions/:product/rules': wrap({ asyncComponent: () => import('./screens/Rules.svelte') }),
  '/unsynced': wrap({ asyncComponent: () => import('./screens/Unsynced.svelte') }),
  '/unsynced/reconciliation': wrap({ asyncComponent: () => import('./screens/Reconciliation.svelte') }),
  '/history': wrap({ asyncComponent: () => import('./screens/History.svelte') }),
  '/history/month': wrap({ asyncComponent: () => import('./screens/MonthThen.svelte') }),
  '/import': wrap({ asyncComponent: () => import('./screens/Import.svelte') }),
  '/sync/:product/:site': wrap({ asyncComponent: () => import('./screens/Sync.svelte') }),
  '/delivery/:plan': wrap({ asyncComponent: () => import('./screens/Delivery.svelte') }),
  '/tools/business-automation/:connection?/:tab?': wrap({ asyncComponent: () => import('./screens/BusinessAutomation.svelte') }),
  '/settings': wrap({ asyncComponent: () => import('./screens/Settings.svelte') }),
  '*': wrap({ asyncComponent: () => import('./screens/NotFound.svelte') }),
};
