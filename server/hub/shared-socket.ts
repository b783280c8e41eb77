import type { Page } from '../../shared/page-messages.ts';
import type { HubSocket } from './hub-socket.ts';

/** The one that was opened first is forgotten: it may still report, and is no longer known to stand anywhere. */
const MOST_TABS = 20;

/** One page of those that share a socket. */
export interface OpenTab {
  readonly page: Page | null;
  /** Whether the shopper's record tells where it stands. */
  isTold: boolean;
}

/** Another tab of the same browser has come to speak through this socket, or does so anew. */
export function openTab({ data }: HubSocket, tab: string, page: Page | null): void {
  data.others ??= new Map();
  data.others.delete(tab);
  data.others.set(tab, { page, isTold: false });
  const [eldest] = data.others.keys();
  if (data.others.size > MOST_TABS && eldest !== undefined) data.others.delete(eldest);
}

/** The page that speaks: that of the named tab, else the one that connected; null: of a tab that nobody has opened. */
export function speakerOf({ data }: HubSocket, tab: string | undefined): OpenTab | null {
  if (tab === undefined || tab === data.visitor.tab)
    return (data.own ??= { page: data.visitor.page, isTold: false });
  return data.others?.get(tab) ?? null;
}

export function isShared({ data }: HubSocket): boolean {
  return data.others !== undefined;
}
