import { connectwise } from './connectwise';
import { halopsa } from './halopsa';
import { superops } from './superops';
import { syncro } from './syncro';
import type { PsaAdapter } from './psa';

/** Every PSA that Tallyline knows. */
export const adapters: readonly PsaAdapter[] = [connectwise, halopsa, syncro, superops];

export function adapterOf(psa: string): PsaAdapter | undefined {
  return adapters.find(({ id }) => id === psa);
}
