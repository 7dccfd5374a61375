import type { AutoSyncCounts } from '../../machines/auto-sync';
import type { App } from '../context';
import { plural } from '../format';

const KEY = 'tallyline.notice';

/** Whether this browser can show a notice: where it cannot, nothing is offered. */
export function canTell(): boolean {
  return 'Notification' in globalThis;
}

export function isTelling(): boolean {
  try {
    return canTell() && Notification.permission === 'granted' && localStorage.getItem(KEY) === 'on';
  } catch {
    return false;
  }
}

/** Switches notices of this browser on or off; on asks for the permission, so call it from a click. Answers whether they are on. */
export async function chooseTelling(wanted: boolean): Promise<boolean> {
  const allowed = wanted && (await Notification.requestPermission()) === 'granted';
  try {
    if (allowed) localStorage.setItem(KEY, 'on');
    else localStorage.removeItem(KEY);
  } catch {
    return false;
  }
  return allowed;
}

/** After a run: in words on the page, and as a notice where the page is open and nobody looks at it. */
export function tell(app: Pick<App, 'announce'>, { goes, waits }: AutoSyncCounts): void {
  const text = `Auto-sync: ${plural(goes, 'customer')} synced, ${waits} ${waits === 1 ? 'waits' : 'wait'}`;
  app.announce(text);
  if (isTelling() && document.visibilityState === 'hidden') void show(text);
}

/** Phones take a notice from the service worker only. */
async function show(text: string): Promise<void> {
  const registration = await (navigator.serviceWorker as ServiceWorkerContainer | undefined)?.getRegistration();
  if (registration !== undefined) await registration.showNotification('Tallyline', { body: text, tag: 'auto-sync' });
  else new Notification('Tallyline', { body: text, tag: 'auto-sync' });
}
