import { connectwise } from './connectwise';
import { halopsa } from './halopsa';
import type { PsaAdapter } from './psa';

/** Every PSA that Tallyline knows. */
export const adapters: readonly PsaAdapter[] = [connectwise, halopsa];

export function adapterOf(psa: string): PsaAdapter | undefined {
  return adapters.find(({ id }) => id === psa);
}
