import { describe, expect, test } from 'vitest';
import { endLineDraft } from '../../src/domain/end-line';
import { freezePlan, type Plan } from '../../src/domain/plan';
import type { PsaLine } from '../../src/domain/agreement';
import { delivered } from '../psa/deliver.ts';
import type { PsaFixture } from '../psa/fixture.ts';
import { heldLine, TODAY } from '../psa/journeys.ts';
import { agreementsIn, billed, everyFixture, PERIOD } from './customer.ts';

const readable = everyFixture.filter(({ adapter }) => adapter.can.readBack).map((fixture) => [fixture.adapter.id, fixture] as const);

describe.each(readable)('%s, a second line with the key of another', (_, fixture) => {
  const own = heldLine(fixture);
  const held = [own, { ...own, id: fixture.lineIds[1] }];

  test('is ended by its id: it bills nothing any more, and the other one bills on', async () => {
    const { rows, state } = await delivered(fixture, { held, plans: (lines) => [endOf(fixture, lines)] }, null);
    expect([rows.map((row) => [row.state, row.duplicates]), billed(fixture, state)]).toEqual([rows.map(() => ['sent', []]), '36']);
  });
});

function endOf(fixture: PsaFixture, lines: readonly PsaLine[]): Plan {
  const { adapter, agreementId, settings, lookups, tenant } = fixture;
  const agreement = agreementsIn(fixture, fixture.sandbox()).find(({ id }) => id === agreementId);
  const line = lines.find(({ id }) => id === fixture.lineIds[1]);
  if (agreement === undefined || line === undefined) throw new Error('the sandbox has no such line');
  const draft = endLineDraft({
    ...{ line, lines, agreement, limits: adapter.limits, dates: adapter.dates(agreement, PERIOD), period: PERIOD, today: TODAY },
    connection: { id: 'cw', psa: adapter.id, name: 'PSA', tenant, currency: 'USD' },
    reason: 'Made twice',
    settled: 0,
  });
  const plan = draft.ok ? freezePlan(draft.value, adapter.requests, { linesOf: () => lines, lookups, settings, readable: true }) : draft;
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return plan.value;
}
