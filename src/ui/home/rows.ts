import type { Rows } from '../../domain/checklist';
import { connectionPath } from '../automation/places';
import { paths } from '../paths';

/** The address that shows exactly these rows. `ignored` says that there are customers whom the checklist leaves out. */
export function hrefOf(rows: Rows, ignored: boolean): string {
  switch (rows.at) {
    case 'customers':
      return `#${rows.product === null ? paths.subscriptions : paths.product(rows.product)}?view=${rows.view}${ignored ? '&ignored=no' : ''}`;
    case 'unsynced':
      return rows.view === 'all' ? `#${paths.unsynced}` : `#${paths.unsynced}?view=${rows.view}`;
    case 'products':
      if (rows.connection === null) return `#${paths.businessAutomation}`;
      return `#${connectionPath(rows.connection, 'products')}${rows.subProducts.length === 0 ? '' : `?only=${rows.subProducts.map(encodeURIComponent).join(',')}`}`;
    case 'plans':
      return rows.outcome === null ? `#${paths.history}` : `#${paths.history}?outcome=${encodeURIComponent(rows.outcome)}`;
  }
}
