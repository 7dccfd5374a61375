import { mount } from 'svelte';
import { openDatabase, type Canary } from './storage/db';
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
  start: async (db, now) => {
    const { sweepStaged } = await import('./storage/imports');
    await sweepStaged(db, now);
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
