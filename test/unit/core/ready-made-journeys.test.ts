import { describe, expect, it } from 'vitest';
import { siteFaults } from '../../../server/core/site-faults.ts';
import { READY_MADE_JOURNEYS } from '../../../shared/ready-made-journeys.ts';
import { SiteFile } from '../../../shared/site.ts';
import { DAY, HOUR } from '../support/durations.ts';
import { faultsIn } from '../support/faults.ts';
import { liveSite, siteFile } from '../support/sample-site.ts';
import { firedIn, pushedBy, Story } from '../support/story.ts';

const names = READY_MADE_JOURNEYS.map(({ id }) => id);
const journey = (id: string) => READY_MADE_JOURNEYS.filter((other) => other.id === id);

describe('the ready-made journeys', () => {
  it('stand in a site file by their names, and pass every check', () => {
    const file = SiteFile.parse(siteFile({ rules: names, segments: ['dormant'] }));
    expect(file.rules.map(({ id }) => id)).toEqual(['onboarding', 'active', 'dormant', 'abandonment']);
    expect(siteFaults(file)).toEqual([]);
  });

  it('one that there is not is refused with a suggestion', () => {
    expect(faultsIn(SiteFile, siteFile({ rules: ['abandonmet'] }))).toEqual([
      'rules.0: There is no ready-made journey "abandonmet". Did you mean "abandonment"?',
    ]);
  });

  it('abandonment: in the page, then by push, e-mail and SMS, for as long as the cart is there', () => {
    const story = new Story(liveSite(journey('abandonment')));
    story.adds('mug x12');
    const first = story.wait(HOUR).clock();
    expect(pushedBy(first)).toMatchObject({
      title: 'We keep your cart',
      body: 'Mug will be here when you come back.',
    });
    const sends = [HOUR, DAY, 2 * DAY].map((wait) => story.wait(wait).clock().reasons[0]);
    expect(sends).toMatchObject([
      { rule: 'abandonment/push', by: 'no_channel', channel: 'push' },
      { rule: 'abandonment/letter', by: 'no_channel', channel: 'email' },
      { rule: 'abandonment/sms', by: 'no_channel', channel: 'sms' },
    ]);
    expect(story.shopper.journeys).toEqual([]);
  });

  it('onboarding: begins with the sign-up and ends with the first order', () => {
    const story = new Story(liveSite(journey('onboarding')));
    expect(firedIn(story.page('sign_up'))).toEqual(['onboarding']);
    expect(story.shopper.journeys).toHaveLength(1);
    expect(story.buys().journeys).toMatchObject([{ rule: 'onboarding', what: 'ended', why: 'until' }]);
  });

  it('dormant: asks back once whoever stayed away for sixty days, and stops when they come', () => {
    const story = new Story(liveSite(journey('dormant'), { segments: ['dormant'] }));
    story.buys();
    expect(firedIn(story.wait(60 * DAY).clock())).toEqual(['dormant']);
    expect(story.wait(HOUR).page('page_view').journeys).toMatchObject([{ why: 'until' }]);
  });
});
