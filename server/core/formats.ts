const MOST_FORMATS = 100;

/** Making a format costs a hundred times what using it does; the few in use are kept. */
function kept<Format>(
  make: (locale: string, more: string) => Format,
): (locale: string, more?: string) => Format {
  const formats = new Map<string, Format>();
  return (locale, more = '') => {
    const key = `${locale} ${more}`;
    const known = formats.get(key);
    if (known !== undefined) return known;
    if (formats.size >= MOST_FORMATS) formats.clear();
    const format = inEnglishAtLeast(locale, (tag) => make(tag, more));
    formats.set(key, format);
    return format;
  };
}

/** A tag may look right and yet be none, such as "en-12". */
function inEnglishAtLeast<Format>(locale: string, make: (locale: string) => Format): Format {
  try {
    return make(locale);
  } catch {
    return make('en');
  }
}

export const moneyFormat = kept(
  (locale, currency) => new Intl.NumberFormat(locale, { style: 'currency', currency }),
);
export const numberFormat = kept((locale) => new Intl.NumberFormat(locale));
export const pluralRules = kept((locale) => new Intl.PluralRules(locale));
