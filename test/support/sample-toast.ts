import type { Nudge } from '../../shared/nudge.ts';

/** What the hub's clock shows where a component is tested. */
export const HUB_NOW = 1_795_000_000_000;

export const toast: Nudge = {
  id: 'n_toast_0001',
  seq: 1,
  kind: 'toast',
  rule: 'hello',
  priority: 50,
  title: 'Free delivery is close',
  body: 'Orders from €60 are delivered free of charge.',
  expiresAt: HUB_NOW + 300_000,
};
