import type { Words } from './words.ts';

export const ko: Words = {
  region: '쇼핑몰 알림 (F8)',
  bar: '쇼핑몰 안내 (F8)',
  dismiss: '닫기',
  copyCode: '코드 복사',
  copied: '복사했어요',
  code: '할인 코드',
  endsIn: '남은 시간',
  endsSoon: '혜택이 1분 안에 끝나요.',
  was: '할인 전 30일 최저가:',
  personalised: '쇼핑 이용 기록에 따라 자동으로 고른 혜택이에요.',
  progress: '장바구니 달성 현황',
  missing: (amount) => `${amount} 남았어요`,
  reached: '조건을 채웠어요.',
  minutesLeft: (minutes) => `혜택이 ${minutes}분 뒤에 끝나요.`,
};
