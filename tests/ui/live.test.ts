import { render, screen, waitFor } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Rest } from '../../src/domain/steps';
import { changeSetting } from '../../src/storage/settings';
import { liveInSteps, type Live } from '../../src/ui/live';
import Gate from '../../src/ui/parts/Gate.svelte';
import { restsUntil } from '../../src/ui/rest';
import { fakeApp } from './support/app';

const NOW = '2021-01-03T09:00:00.000Z';

test('long work stops once nobody looks at its answer', async () => {
  const work = endless();
  const { unmount } = render(Gate, { props: shown(liveInSteps(work.query)) });
  await waitFor(() => expect(work.state).toBe('working'));
  unmount();
  await waitFor(() => expect(work.state).toBe('AbortError'));
});

test('long work answers anew when what it read has changed', async () => {
  const { db } = await fakeApp();
  const query = async (rest: Rest) => {
    const settings = await db.settings.count();
    await rest();
    return `${String(settings)} settings`;
  };
  const answer = liveInSteps(query);
  render(Gate, { props: shown(answer) });
  expect(await screen.findByText('0 settings')).toBeVisible();
  await changeSetting(db, NOW, 'anything', 1);
  await waitFor(() => expect(answer.current).toBe('1 settings'));
});

test('long work stops once what it read has changed and it begins anew', async () => {
  const { db } = await fakeApp();
  const ends: string[] = [];
  let asked = 0;
  let isOver = false;
  onTestFinished(() => {
    isOver = true;
  });
  const query = async (rest: Rest) => {
    const settings = await db.settings.count();
    asked += 1;
    try {
      while (settings === 1 && !isOver) await rest();
    } catch (reason) {
      ends.push((reason as Error).name);
      throw reason;
    }
    return `${String(settings)} settings`;
  };
  const answer = liveInSteps(query);
  render(Gate, { props: shown(answer) });
  expect(await screen.findByText('0 settings')).toBeVisible();
  await changeSetting(db, NOW, 'anything', 1);
  await waitFor(() => expect(asked).toBe(2));
  await changeSetting(db, NOW, 'another', 1);
  await waitFor(() => expect([answer.current, ends]).toEqual(['2 settings', ['AbortError']]));
});

test('a rest comes only after a spell of work, and lets others go first', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const { port1, port2 } = new MessageChannel();
  const heard: string[] = [];
  port1.onmessage = () => heard.push('another');
  port2.postMessage(null);
  const rest = restsUntil(new AbortController().signal);
  now = 11;
  await rest();
  expect(heard).toEqual([]);
  now = 12;
  await rest();
  expect(heard).toEqual(['another']);
  port1.close();
});

test('no work begins for somebody who has left', async () => {
  await expect(restsUntil(AbortSignal.abort())()).rejects.toMatchObject({ name: 'AbortError' });
});

/** Work that goes on until its rest ends it; `state` is then the name of the reason. */
function endless() {
  const work = {
    state: 'waiting',
    query: async (rest: Rest): Promise<string> => {
      work.state = 'working';
      try {
        for (;;) await rest();
      } catch (reason) {
        work.state = (reason as Error).name;
        throw reason;
      }
    },
  };
  return work;
}

function shown(of: Live<string>) {
  return { of, children: createRawSnippet((text: () => string) => ({ render: () => `<p>${text()}</p>` })) as never };
}
