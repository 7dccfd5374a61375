import { connectwise } from './connectwise';
import { superops } from './superops';
import type { PsaAdapter } from './psa';

/** Every PSA that Tallyline knows. */
export const adapters: readonly PsaAdapter[] = [connectwise, superops];

export function adapterOf(psa: string): PsaAdapter | undefined {
  return adapters.find(({ id }) => id === psa);
}
