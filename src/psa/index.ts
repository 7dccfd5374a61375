import { autotask } from './autotask';
import { connectwise } from './connectwise';
import type { PsaAdapter } from './psa';

/** Every PSA that Tallyline knows. */
export const adapters: readonly PsaAdapter[] = [connectwise, autotask];

export function adapterOf(psa: string): PsaAdapter | undefined {
  return adapters.find(({ id }) => id === psa);
}
