import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Client, type ClientOptions } from '../../../widget/transports/socket-io/client.ts';

/** Stands in for the browser's, and does what the test wants. */
class FakeSocket {
  static made: FakeSocket[] = [];
  static refuses = false;
  readonly address: string;
  readonly sent: string[] = [];
  isClosed = false;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(address: string) {
    if (FakeSocket.refuses) throw new Error('A secure page connects to nothing that is not.');
    this.address = address;
    FakeSocket.made.push(this);
  }

  send(packet: string): void {
    this.sent.push(packet);
  }

  close(): void {
    this.isClosed = true;
  }

  hears(...packets: string[]): void {
    for (const data of packets) this.onmessage?.({ data });
  }
}

const OPEN = '0{"sid":"s","pingInterval":25000,"pingTimeout":20000}';
const CONNECTED = '40{"sid":"s"}';

beforeEach(() => {
  FakeSocket.made = [];
  FakeSocket.refuses = false;
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.spyOn(console, 'debug').mockReturnValue(undefined);
  onTestFinished(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
});

function start(more: Partial<ClientOptions> = {}) {
  const told: string[] = [];
  const client = new Client({
    hub: 'http://hub.test',
    auth: () => ({ site: 'pk' }),
    heard: (name, message) => told.push(`${name} ${JSON.stringify(message)}`),
    closed: () => told.push('closed'),
    refused: () => null,
    ...more,
  });
  return { client, told };
}

const last = () => FakeSocket.made.at(-1) ?? new FakeSocket('none');

describe('the client of Socket.IO', () => {
  it('says who it is once it is open, answers pings, and hears events', () => {
    const { told } = start();
    expect(last().address).toBe('ws://hub.test/socket.io/?EIO=4&transport=websocket');
    last().hears(OPEN, CONNECTED, '2', '42["nudge",{"id":"n"}]');
    expect(last().sent).toEqual(['40{"site":"pk"}', '3']);
    expect(told).toEqual(['nudge {"id":"n"}']);
  });

  it('resolves each question to its own ack, and to null when the connection ends or none comes', async () => {
    const { client } = start();
    last().hears(OPEN, CONNECTED);
    const answers = [0, 1, 2].map((number) => client.ask('track', { number }, 10_000));
    expect(last().sent.slice(1)).toEqual(
      [0, 1, 2].map((number) => `42${number}["track",{"number":${number}}]`),
    );
    last().hears('431[{"ok":true}]');
    expect(await answers[1]).toEqual({ ok: true });
    vi.advanceTimersByTime(10_000);
    expect(await answers[0]).toBeNull();
    const lost = client.ask('track', {}, 60_000);
    last().onclose?.();
    expect(await lost).toBeNull();
    expect(await client.ask('track', {}, 60_000)).toBeNull();
  });

  it.each(['42nonsense', '4', '42{"not":"a list"}', '7', ''])('%j breaks nothing', (packet) => {
    const { told } = start();
    last().hears(OPEN, CONNECTED);
    expect(() => last().hears(packet)).not.toThrow();
    vi.advanceTimersByTime(5_000);
    last().hears(OPEN, CONNECTED, '42["nudge",1]');
    expect(told.at(-1)).toBe('nudge 1');
  });

  it('comes back at any moment of five seconds, and of twice as long after each failure, up to half a minute', () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.999);
    start();
    last().hears(OPEN, CONNECTED);
    const waits = Array.from({ length: 5 }, () => {
      const { length } = FakeSocket.made;
      last().onclose?.();
      const from = Date.now();
      while (FakeSocket.made.length === length) vi.advanceTimersByTime(100);
      return Math.round((Date.now() - from) / 1_000);
    });
    expect(waits).toEqual([5, 10, 20, 30, 30]);
    random.mockReturnValue(0);
    const { length } = FakeSocket.made;
    last().onclose?.();
    vi.advanceTimersByTime(1);
    expect(FakeSocket.made.length).toBe(length + 1);
  });

  it('comes back when a hub that is about to end has asked it to', () => {
    const { client } = start();
    last().hears(OPEN, CONNECTED);
    client.moveAfter(700);
    last().hears('41');
    vi.advanceTimersByTime(699);
    expect(FakeSocket.made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.made).toHaveLength(2);
  });

  it.each<[what: string, after: number | 'never' | null, within: number, made: number]>([
    ['later', 2_000, 2_000, 2],
    ['for good', 'never', 600_000, 1],
    ['by something on the way', null, 5_000, 2],
  ])('refused %s it acts accordingly', (_, after, within, made) => {
    start({ refused: () => after });
    last().hears(OPEN, '44{"message":"No."}');
    vi.advanceTimersByTime(within);
    expect(FakeSocket.made).toHaveLength(made);
  });

  it('gives up an attempt that hangs for the other way', async () => {
    const asked = vi.fn(() => Promise.reject(new Error('No network.')));
    vi.stubGlobal('fetch', asked);
    vi.stubGlobal('navigator', { sendBeacon: () => true });
    start();
    vi.advanceTimersByTime(8_000);
    expect(last().isClosed).toBe(true);
    await vi.dynamicImportSettled();
    expect(asked).toHaveBeenCalledOnce();
  });

  it('gives up a connection that has gone silent', () => {
    const { told } = start();
    last().hears(OPEN, CONNECTED);
    vi.advanceTimersByTime(44_000);
    last().hears('2');
    vi.advanceTimersByTime(44_000);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual(['closed']);
  });

  it('where a WebSocket can’t even be made, tries the other way, and goes on trying', async () => {
    FakeSocket.refuses = true;
    const asked = vi.fn(() => Promise.reject(new Error('No network.')));
    vi.stubGlobal('fetch', asked);
    vi.stubGlobal('navigator', { sendBeacon: () => true });
    start();
    // The other way is loaded when it is needed.
    await vi.dynamicImportSettled();
    expect(asked).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(6_000);
    await vi.dynamicImportSettled();
    expect(asked.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  it('when it was told to let go it stays away until it is told to come back', () => {
    const { client, told } = start();
    last().hears(OPEN, CONNECTED);
    client.close();
    expect(last().sent.at(-1)).toBe('41');
    vi.advanceTimersByTime(600_000);
    expect(FakeSocket.made).toHaveLength(1);
    expect(told).toEqual(['closed']);
    client.open();
    expect(FakeSocket.made).toHaveLength(2);
  });
});
