import type { Day } from '../../domain/calendar';
import type { Workspace } from '../context';

/** The last instant of a day: of the reader's own day, or of the demo's, which is counted in UTC. */
export function endOf(day: Day, workspace: Workspace): string {
  return workspace === 'demo' ? `${day}T23:59:59.999Z` : new Date(`${day}T23:59:59.999`).toISOString();
}
