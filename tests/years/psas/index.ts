import { adapters } from '../../../src/psa';
import type { PlayedPsa } from '../psa';
import { autotask } from './autotask';
import { connectwise } from './connectwise';
import { halopsa } from './halopsa';
import { kaseyaBms } from './kaseya-bms';
import { superops } from './superops';
import { syncro } from './syncro';

/** Every PSA that a life may be lived with. */
export const PSAS: readonly PlayedPsa[] = [connectwise, autotask, halopsa, kaseyaBms, syncro, superops];

export function playedPsa(id: string): PlayedPsa {
  const psa = PSAS.find(({ fixture }) => fixture.adapter.id === id);
  if (psa === undefined) throw new RangeError(`nobody plays ${id}`);
  return psa;
}

const missing = adapters.filter((adapter) => !PSAS.some(({ fixture }) => fixture.adapter === adapter));
if (missing.length > 0) throw new Error(`nobody plays ${missing.map(({ id }) => id).join(', ')}`);
