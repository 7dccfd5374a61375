import { connectwise } from './connectwise';
import type { PsaAdapter } from './psa';
import { syncro } from './syncro';

/** Every PSA that Tallyline knows. */
export const adapters: readonly PsaAdapter[] = [connectwise, syncro];

export function adapterOf(psa: string): PsaAdapter | undefined {
  return adapters.find(({ id }) => id === psa);
}
