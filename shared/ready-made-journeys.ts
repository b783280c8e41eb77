import type { z } from 'zod';
import type { Rule } from './rule.ts';

type Given = z.input<typeof Rule>;

const toCart = { label: { en: 'To my cart', ko: '장바구니 보기' }, href: '/cart' } as const;
const toShop = { label: { en: 'Look around', ko: '둘러보기' }, href: '/' } as const;

/** Who signs up is shown around: two words of welcome in the page, one by e-mail where they did not come back. */
const onboarding: Given = {
  id: 'onboarding',
  status: 'published',
  on: 'sign_up',
  nudge: {
    kind: 'toast',
    title: { en: 'Welcome!', ko: '환영합니다!' },
    body: { en: 'Good to have you here.', ko: '가입해 주셔서 고마워요.' },
    validFor: '1h',
  },
  steps: [
    {
      id: 'look-around',
      after: '1d',
      when: { 'shopper.orders': 0 },
      nudge: {
        kind: 'recommendation',
        title: { en: 'Liked by others', ko: '다른 분들이 좋아하는 상품' },
        validFor: '3d',
      },
    },
    {
      id: 'letter',
      after: '3d',
      channel: 'email',
      when: { 'shopper.orders': 0, 'shopper.lastSeen': { $gte: '2d' } },
      nudge: {
        kind: 'toast',
        title: { en: 'Still here for you', ko: '언제든 편하게 들러 주세요' },
        cta: toShop,
      },
    },
  ],
  until: ['purchase'],
  limit: { times: 1, per: '366d' },
};

/** Whoever shops here often hears of what goes with what they like, now and then. */
const active: Given = {
  id: 'active',
  status: 'published',
  on: 'return_visit',
  when: { 'shopper.orders': { $gte: 1 }, 'shopper.lastVisit': { $lt: '30d' } },
  nudge: {
    kind: 'recommendation',
    title: { en: 'Picked for you', ko: '고객님을 위해 골랐어요' },
    validFor: '30m',
  },
  steps: [
    {
      id: 'new-in',
      after: '7d',
      channel: 'push',
      nudge: {
        kind: 'toast',
        title: { en: 'Something new for you', ko: '새로운 상품이 들어왔어요' },
        cta: toShop,
      },
    },
  ],
  limit: { times: 1, per: '14d' },
};

/** Whoever stayed away is asked back: first by a word, later with an offer, never more than that. */
const dormant: Given = {
  id: 'dormant',
  status: 'published',
  on: 'segment_entered',
  segment: 'dormant',
  nudge: {
    kind: 'toast',
    title: { en: 'It has been a while', ko: '오랜만이에요' },
    cta: toShop,
    validFor: '7d',
  },
  steps: [
    {
      id: 'letter',
      after: '1d',
      channel: 'email',
      when: { 'shopper.lastSeen': { $gte: '1d' } },
      nudge: { kind: 'toast', title: { en: 'We miss you', ko: '다시 만나고 싶어요' }, cta: toShop },
    },
    {
      id: 'offer',
      after: '14d',
      nudge: {
        kind: 'countdown',
        title: {
          en: '{{offer.percentOff}} % off, to welcome you back',
          ko: '다시 오신 기념 {{offer.percentOff}}% 할인',
        },
      },
      offer: { percentOff: 10, validFor: '7d' },
    },
  ],
  until: ['purchase', 'return_visit'],
  limit: { times: 1, per: '90d' },
};

/** A cart that was left: a word in the page, then push, e-mail and SMS, each only while the cart is still there. */
const abandonment: Given = {
  id: 'abandonment',
  status: 'published',
  on: 'cart_abandoned',
  when: { 'cart.value': { $gt: 0 } },
  nudge: {
    kind: 'toast',
    title: { en: 'We keep your cart', ko: '장바구니를 보관하고 있어요' },
    body: {
      en: '{{cart.item; else: Your things}} will be here when you come back.',
      ko: '{{cart.item; else: 담아 두신 상품}}, 다시 오실 때까지 잘 보관할게요.',
    },
    cta: toCart,
    items: 'cart',
    validFor: '1d',
  },
  steps: [
    {
      id: 'push',
      after: '1h',
      channel: 'push',
      nudge: {
        kind: 'toast',
        title: {
          en: '{{cart.quantity; one: # thing waits; other: # things wait}} in your cart',
          ko: '장바구니에 상품 {{cart.quantity}}개가 기다리고 있어요',
        },
        cta: toCart,
      },
    },
    {
      id: 'letter',
      after: '1d',
      channel: 'email',
      nudge: { kind: 'toast', title: { en: 'Your cart', ko: '장바구니 안내' }, cta: toCart, items: 'cart' },
    },
    {
      id: 'sms',
      after: '2d',
      channel: 'sms',
      when: { 'cart.value': { $gte: 100 } },
      nudge: {
        kind: 'toast',
        title: {
          en: 'Your cart of {{cart.value}} is still here.',
          ko: '{{cart.value}} 장바구니가 아직 남아 있어요.',
        },
        cta: toCart,
      },
    },
  ],
  until: ['purchase'],
  limit: { times: 1, per: '7d' },
};

/** Journeys to begin with. Name one to use it as it is; write your own under its id to change it. */
export const READY_MADE_JOURNEYS: readonly Given[] = [onboarding, active, dormant, abandonment];
