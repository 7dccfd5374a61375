import { connectwise } from './connectwise';
import { kaseyaBms } from './kaseya-bms';
import type { PsaAdapter } from './psa';

/** Every PSA that Tallyline knows. */
export const adapters: readonly PsaAdapter[] = [connectwise, kaseyaBms];

export function adapterOf(psa: string): PsaAdapter | undefined {
  return adapters.find(({ id }) => id === psa);
}
