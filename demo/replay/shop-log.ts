import { readFile } from 'node:fs/promises';

/** One line of a real shop's log, in GA4's terms. */
export interface LoggedEvent {
  /** Milliseconds since 1970, by the shop's clock. */
  readonly at: number;
  readonly shopper: string;
  readonly name: 'view_item' | 'add_to_cart' | 'remove_from_cart' | 'purchase';
  readonly item: {
    readonly item_id: string;
    readonly item_brand?: string;
    readonly item_category?: string;
    readonly price?: number;
  };
}

type Row = Readonly<Record<string, string>>;
type Format = { readonly columns: readonly string[]; read(row: Row): LoggedEvent | null };

const REES46_NAMES: Readonly<Record<string, LoggedEvent['name']>> = {
  view: 'view_item',
  cart: 'add_to_cart',
  remove_from_cart: 'remove_from_cart',
  purchase: 'purchase',
};

/** REES46's multi-category shop, and the clicks of the RecSys Challenge 2015 (YooChoose), each known by its header. */
const FORMATS: readonly Format[] = [
  {
    columns: ['event_time', 'event_type', 'product_id', 'user_id', 'price'],
    read(row) {
      const name = REES46_NAMES[row['event_type'] ?? ''];
      const at = Date.parse((row['event_time'] ?? '').replace(' UTC', 'Z').replace(' ', 'T'));
      if (!name || Number.isNaN(at)) return null;
      const { product_id: item_id = '', brand, category_code, price, user_id: shopper = '' } = row;
      const item = {
        item_id,
        price: Number(price),
        ...(brand ? { item_brand: brand } : {}),
        ...(category_code ? { item_category: category_code } : {}),
      };
      return { at, shopper, name, item };
    },
  },
  {
    columns: ['session_id', 'item_id', 'ts'],
    read({ session_id: shopper = '', item_id = '', ts }) {
      const at = Number(ts) * 1_000;
      return Number.isFinite(at) ? { at, shopper, name: 'view_item', item: { item_id } } : null;
    },
  },
];

/** Every event of a csv file, in the order of time. Throws when the header is of no known shop, or a line makes no sense. */
export async function readShopLog(path: string): Promise<LoggedEvent[]> {
  const [header = '', ...lines] = (await readFile(path, 'utf8')).trimEnd().split(/\r?\n/);
  const columns = header.split(',');
  const format = FORMATS.find((known) => known.columns.every((column) => columns.includes(column)));
  if (!format) throw new Error(`${path}: the header "${header.slice(0, 80)}" is of no known format.`);
  const events = lines.map((line, index) => {
    const cells = line.split(',');
    const event = format.read(
      Object.fromEntries(columns.map((column, place) => [column, cells[place] ?? ''])),
    );
    if (!event) throw new Error(`${path}: line ${index + 2} makes no sense: ${line.slice(0, 80)}`);
    return event;
  });
  return events.sort((a, b) => a.at - b.at);
}
