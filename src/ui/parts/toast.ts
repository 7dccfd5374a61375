/** Says that something was done, with a way back. Never the only place that says it. */
export async function toastDone(text: string, undo?: () => Promise<void>): Promise<void> {
  const { toast } = await import('svelte-sonner');
  toast.success(text, {
    duration: 10_000,
    ...(undo === undefined ? {} : { action: { label: 'Undo', onClick: () => void undo() } }),
  });
}

/** Says that something the partner just asked for did not happen. */
export async function toastFailed(text: string): Promise<void> {
  const { toast } = await import('svelte-sonner');
  toast.error(text, { duration: 20_000 });
}
