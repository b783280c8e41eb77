import type { SocketOptions } from '../../../widget/transports/socket-transport.ts';
import type { Transport } from '../../../widget/transports/transport.ts';
import { PageLink } from '../world/page-link.ts';
import type { ShopPage } from '../world/shop-page.ts';
import { onStage } from '../world/stage.ts';

export function socketTransport(options: SocketOptions): Transport {
  return new PageLink(onStage().actor as ShopPage, options);
}
