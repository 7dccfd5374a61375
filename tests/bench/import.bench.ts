import Dexie from 'dexie';
import Papa from 'papaparse';
import { profileIdOf } from '../../src/domain/csv-profile.ts';
import { startImport } from '../../src/machines/import-actors.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { committedUsage } from '../../src/storage/month.ts';
import { saveProfile } from '../../src/storage/profiles.ts';
import type { Bench } from './bench.ts';
import { usageCsv, usageProfile } from './usage-file.ts';

const LINES = 100_000;
const now = () => '2020-12-20T08:00:00.000Z';
const file = () => new File([usageCsv(2000, 50, '2020-12-19')], 'usage.csv', { type: 'text/csv' });

export const bench: Bench = {
  name: 'Import of a 100,000-line CSV: parsed, validated, packed, stored, committed and read back',
  limits: [
    { kind: 'ratio', of: 'papaparse streaming alone', max: 3.5 },
    { kind: 'faster', than: 'papaparse and one Dexie record per line with four indexes', min: 20 },
    { kind: 'ms', figure: 'longestBlock', max: 50 },
  ],
  contenders: {
    ours: async ({ watch }) => {
      const picked = file();
      const db = await openDatabase('bench', { newId: () => crypto.randomUUID() });
      await saveProfile(db, now(), {
        id: profileIdOf(usageProfile.header),
        name: 'Bench',
        header: usageProfile.header,
        settings: usageProfile,
      });
      const { value, ms, longestBlock } = await watch(async () => {
        await imported(db, picked);
        return committedUsage(db, ['2020-12']);
      });
      const rows = value.flatMap(({ chunks }) => chunks).reduce((sum, chunk) => sum + chunk.rows, 0);
      if (rows !== LINES) throw new Error(`${rows} of ${LINES} lines were read back.`);
      return { ms, longestBlock };
    },
    'papaparse streaming alone': async ({ watch }) => {
      const picked = file();
      const { value, ms } = await watch(() => parsed(picked, () => undefined));
      if (value !== LINES + 1) throw new Error(`papaparse found ${value} rows.`);
      return ms;
    },
    'papaparse and one Dexie record per line with four indexes': async ({ watch }) => {
      const picked = file();
      const db = new Dexie('rows');
      db.version(1).stores({ lines: '++id, site, sku, date, [product+date]' });
      await db.open();
      const { ms } = await watch(async () => {
        const rows: object[] = [];
        await parsed(picked, (cells) => {
          const [site, account, product, subProduct, sku, date, quantity, price, cost, currency] = cells;
          if (site === 'Domain') return;
          rows.push({
            site,
            account,
            product,
            subProduct,
            sku,
            date,
            quantity: Number(quantity),
            price: Number(price),
            cost: Number(cost),
            currency,
          });
        });
        await db.table('lines').bulkAdd(rows);
        if ((await db.table('lines').toArray()).length !== LINES) throw new Error('Lines are missing.');
      });
      return ms;
    },
  },
};

function imported(db: Parameters<typeof startImport>[0], picked: File): Promise<void> {
  return new Promise((resolve, reject) => {
    const actor = startImport(db, now);
    actor.subscribe((state) => {
      if (state.matches('done')) {
        actor.stop();
        resolve();
      } else if (state.matches('failed') || state.matches({ working: 'asking' }) || state.matches({ working: 'reviewing' })) {
        reject(new Error(`The import stopped: ${JSON.stringify(state.context.problem ?? state.context.review)}`));
      }
    });
    actor.send({ type: 'files.picked', files: [{ name: picked.name, blob: picked }] });
    actor.send({ type: 'import' });
  });
}

function parsed(picked: File, take: (cells: string[]) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    let rows = 0;
    Papa.parse<string[], File>(picked, {
      skipEmptyLines: true,
      chunk: ({ data }) => {
        rows += data.length;
        for (const cells of data) take(cells);
      },
      complete: () => resolve(rows),
      error: reject,
    });
  });
}
