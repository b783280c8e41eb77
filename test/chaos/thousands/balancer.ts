import { Agent, type ClientRequestArgs } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { WebSocket } from 'ws';

/** Where the page of that number looks for a hub. There is no such host. */
export function balanced(page: number): string {
  return `http://page-${page}.test`;
}

/**
 * Leads the connections of one page to the hub that it had last, or to the next one where nobody listens there, as
 * balancers with sticky sessions do. It works where pages connect: nothing stands between them and a hub after that.
 */
class Route extends Agent {
  #ports: readonly number[];

  constructor(ports: readonly number[]) {
    super();
    this.#ports = ports;
  }

  override createConnection(
    _: ClientRequestArgs,
    done?: (error: Error | null, socket: Socket) => void,
  ): null {
    this.#connect(this.#ports.length, (error, socket) => done?.(error, socket));
    return null;
  }

  #connect(left: number, done: (error: Error | null, socket: Socket) => void): void {
    const [port = 0, ...others] = this.#ports;
    const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
    const refused = (error: Error) => {
      // Another connection of this page may have found out before.
      if (this.#ports[0] === port) this.#ports = [...others, port];
      if (left > 1) this.#connect(left - 1, done);
      else done(error, socket);
    };
    socket.once('error', refused);
    socket.once('connect', () => {
      socket.off('error', refused);
      done(null, socket);
    });
  }
}

/** From now on the widget’s link connects to hubs at these ports, and names the page’s origin as a browser does. */
export function balance(origin: string): { setPorts(ports: readonly number[]): void } {
  const routes = new Map<string, Route>();
  let ports: readonly number[] = [];
  let turn = 0;
  const routeOf = (host: string) => {
    const known = routes.get(host);
    if (known) return known;
    const first = turn++ % ports.length;
    const route = new Route([...ports.slice(first), ...ports.slice(0, first)]);
    routes.set(host, route);
    return route;
  };
  class BalancedWebSocket extends WebSocket {
    constructor(address: string) {
      super(address, { agent: routeOf(new URL(address).host), origin, perMessageDeflate: false });
    }
  }
  Object.assign(globalThis, { WebSocket: BalancedWebSocket });
  return { setPorts: (given) => void (ports = given) };
}
