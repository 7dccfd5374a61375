import type { Component } from 'svelte';
import { wrap } from 'svelte-spa-router/wrap';

/** Every screen is its own chunk, loaded when its route is opened. */
const screens = import.meta.glob<{ default: Component }>('./screens/*.svelte');

const ROUTES: Readonly<Record<string, string>> = {
  '/': 'Subscriptions',
  '/subscriptions/:product?': 'Subscriptions',
  '/unsynced': 'Unsynced',
  '/import': 'Import',
  '/sync/:product/:site': 'Sync',
  '/delivery/:plan': 'Delivery',
  '/tools/business-automation/:connection?/:tab?': 'BusinessAutomation',
  '/settings': 'Settings',
  '*': 'NotFound',
};

export const routes = Object.fromEntries(
  Object.entries(ROUTES).flatMap(([path, name]) => {
    const load = screens[`./screens/${name}.svelte`];
    return load === undefined ? [] : [[path, wrap({ asyncComponent: load })]];
  }),
);
