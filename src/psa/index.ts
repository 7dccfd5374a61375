import { autotask } from './autotask';
import { connectwise } from './connectwise';
import { halopsa } from './halopsa';
import { kaseyaBms } from './kaseya-bms';
import { superops } from './superops';
import { syncro } from './syncro';
import type { PsaAdapter } from './psa';

/** Every PSA that Tallyline knows. */
export const adapters: readonly PsaAdapter[] = [connectwise, autotask, halopsa, kaseyaBms, syncro, superops];

export function adapterOf(psa: string): PsaAdapter | undefined {
  return adapters.find(({ id }) => id === psa);
}
