import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Admission } from '../../../server/hub/door.ts';
import { UpgradeGate } from '../../../server/hub/upgrade-gate.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A gate before an engine that notes what it is handed; each answer of the door is given at the gate's asking. */
function openGate() {
  const handed: IncomingMessage[] = [];
  const engine = { handleUpgrade: (request: IncomingMessage) => void handed.push(request) };
  const door = { answer: 'in' as Admission, admission: () => door.answer };
  const gate = new UpgradeGate(engine, door, pino({ level: 'silent' }));
  const ask = (answer: Admission, head = Buffer.alloc(0)) => {
    door.answer = answer;
    const request = new IncomingMessage(new Socket());
    const socket = new WrittenSocket();
    engine.handleUpgrade(...([request, socket, head] as unknown as [IncomingMessage]));
    return { request, socket };
  };
  return { gate, handed, ask };
}

class WrittenSocket extends Socket {
  written = '';

  override write(text: unknown): boolean {
    this.written += String(text);
    return true;
  }
}

describe('the gate before WebSockets', () => {
  it('hands on who may come in, and knows them again', () => {
    const { gate, handed, ask } = openGate();
    const { request, socket } = ask('in');
    expect(handed).toEqual([request]);
    expect(gate.hasLet(request)).toBe(true);
    expect(gate.hasLet(new IncomingMessage(new Socket()))).toBe(false);
    expect([socket.destroyed, socket.written]).toEqual([false, '']);
  });

  it.each([
    ['elsewhere', '403 Forbidden'],
    ['not_now', '503 Service Unavailable'],
  ] as const)('says no at once to who is "%s"', (answer, status) => {
    const { gate, handed, ask } = openGate();
    const { request, socket } = ask(answer);
    expect(handed).toEqual([]);
    expect(gate.hasLet(request)).toBe(false);
    expect(socket.destroyed).toBe(true);
    expect(socket.written).toBe(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });

  it('lets who asks too often wait ten to twenty seconds for their no, and a crowd of them not all as long', () => {
    const { handed, ask } = openGate();
    const crowd = Array.from({ length: 500 }, () => ask('too_often').socket);
    const refused = () => crowd.filter(({ destroyed }) => destroyed);
    vi.advanceTimersByTime(9_999);
    expect(refused()).toEqual([]);
    for (let part = 0; part < 5; part++) {
      const before = refused().length;
      vi.advanceTimersByTime(2_000);
      expect(refused().length - before).toBeGreaterThan(50);
    }
    vi.advanceTimersByTime(1);
    expect(refused()).toHaveLength(500);
    for (const { written } of crowd) expect(written).toContain('429 Too Many Requests');
    expect(handed).toEqual([]);
  });

  it('lets 2,000 wait at a time: others get their no at once, until one of them has gone', async () => {
    const { ask } = openGate();
    const waiting = Array.from({ length: 2_000 }, () => ask('too_often').socket);
    expect(ask('too_often').socket.destroyed).toBe(true);
    expect(waiting.some(({ destroyed }) => destroyed)).toBe(false);
    const [first] = waiting;
    const isGone = new Promise((resolve) => void first?.once('close', resolve));
    first?.destroy();
    await isGone;
    expect(ask('too_often').socket.destroyed).toBe(false);
    expect(ask('too_often').socket.destroyed).toBe(true);
  });

  it('lets go of those that wait when it is closed', async () => {
    const { gate, ask } = openGate();
    const { socket } = ask('too_often');
    const isGone = new Promise((resolve) => void socket.once('close', resolve));
    gate.close();
    await isGone;
    vi.advanceTimersByTime(20_000);
    expect(socket.written).toBe('');
    expect(vi.getTimerCount()).toBe(0);
    expect(ask('too_often').socket.destroyed).toBe(true);
  });

  it('lets nobody wait who has said something before they were let in', () => {
    const { ask } = openGate();
    expect(ask('too_often', Buffer.from('hello')).socket.destroyed).toBe(true);
  });
});
