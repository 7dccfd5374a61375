import { mount } from 'svelte';
import { openDatabase, type Canary } from './storage/open';
import App from './ui/App.svelte';
import type { Doors } from './ui/session.svelte';
import UpdatePrompt from './ui/shell/UpdatePrompt.svelte';
import './ui/styles/index.css';

const NAMES = { demo: 'tallyline-demo', own: 'tallyline' } as const;
const newId = () => crypto.randomUUID();

const doors: Doors = {
  newId,
  open: (workspace, { acceptReplaced }) => openDatabase(NAMES[workspace], { newId, canary: canaryOf(NAMES[workspace]), acceptReplaced }),
  seedDemo: async (db, now) => (await import('./demo/seed')).seedDemo(db, now),
  stepDemo: async (db, day) => (await import('./demo/invoices')).invoiceUntil(db, day),
  start: async (db, now) => {
    const [staged, sending] = await Promise.all([
      db.imports.where('state').equals('staged').count(),
      db.deliveries.where('state').equals('sending').count(),
    ]);
    if (staged > 0) await (await import('./storage/imports')).sweepStaged(db, now);
    if (sending > 0) {
      const { recover } = await import('./machines/deliver-actors');
      await recover({ db, now: () => new Date(now), locks: navigator.locks });
    }
  },
};

const target = document.getElementById('app');
if (target !== null) {
  mount(App, { target, props: { doors } });
  mount(UpdatePrompt, { target });
}

function canaryOf(name: string): Canary {
  const key = `tallyline.uuid.${name}`;
  return { read: () => localStorage.getItem(key), write: (uuid) => localStorage.setItem(key, uuid) };
}
