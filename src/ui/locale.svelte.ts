const KEY = 'tallyline.locale';
export const LOCALES = ['en-US', 'en-GB', 'en-CA', 'en-AU', 'de-DE', 'fr-FR', 'es-ES', 'nl-NL'] as const;

/** How numbers and dates are written, for every workspace of this browser. */
class Regional {
  #locale = $state<string>(stored() ?? 'en-US');

  get locale(): string {
    return this.#locale;
  }

  choose(locale: string): void {
    this.#locale = locale;
    try {
      localStorage.setItem(KEY, locale);
    } catch {
      // Storage may be forbidden; the choice then holds until the page closes.
    }
  }
}

export const regional = new Regional();

function stored(): string | null {
  try {
    const found = localStorage.getItem(KEY);
    return LOCALES.find((locale) => locale === found) ?? null;
  } catch {
    return null;
  }
}
