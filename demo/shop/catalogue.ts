export type LocalText = { readonly en: string; readonly ko: string };

export type Product = {
  readonly item_id: string;
  readonly category: string;
  readonly name: LocalText;
  readonly description: LocalText;
  readonly price: number;
  readonly stock: number;
};

export type Category = {
  readonly slug: string;
  readonly name: LocalText;
  readonly intro: LocalText;
  /** The product whose illustration stands for the category. */
  readonly cover: string;
};

export const categories: readonly Category[] = [
  {
    slug: 'table',
    name: { en: 'Table', ko: '테이블' },
    intro: {
      en: 'Stoneware, glass and oak for slow breakfasts and long suppers.',
      ko: '느긋한 아침과 긴 저녁을 위한 도자기, 유리, 오크 제품이에요.',
    },
    cover: 'carafe',
  },
  {
    slug: 'textiles',
    name: { en: 'Textiles', ko: '패브릭' },
    intro: {
      en: 'Linen, wool and cotton that soften with every wash.',
      ko: '빨수록 부드러워지는 리넨, 울, 코튼을 모았어요.',
    },
    cover: 'cushion',
  },
  {
    slug: 'light',
    name: { en: 'Light & scent', ko: '조명 & 향' },
    intro: {
      en: 'Warm pools of light and quiet scents for the end of the day.',
      ko: '하루의 끝을 감싸 주는 따뜻한 빛과 은은한 향이에요.',
    },
    cover: 'table-lamp',
  },
  {
    slug: 'living',
    name: { en: 'Living', ko: '리빙' },
    intro: {
      en: 'Green things, useful things, and somewhere to put them all.',
      ko: '초록 식물과 쓸모 있는 물건, 그리고 담아 둘 자리까지 준비했어요.',
    },
    cover: 'watering-can',
  },
];

export const products: readonly Product[] = [
  {
    item_id: 'mug',
    category: 'table',
    name: { en: 'Stoneware mug', ko: '스톤웨어 머그' },
    description: {
      en: 'Hand-thrown and dipped in a warm terracotta glaze, with a bare clay foot. It holds 320 ml and fits both hands.',
      ko: '물레로 빚어 따뜻한 테라코타 유약에 담갔고, 아랫부분은 흙의 질감을 그대로 남겼어요. 320ml가 담기고 두 손에 꼭 맞아요.',
    },
    price: 18.5,
    stock: 12,
  },
  {
    item_id: 'teapot',
    category: 'table',
    name: { en: 'Pine teapot', ko: '파인 티포트' },
    description: {
      en: 'A round-bellied teapot in deep green glaze with a bentwood handle. Pours without a drip and keeps three cups warm.',
      ko: '깊은 초록 유약을 입힌 둥근 몸체에 휘어 만든 나무 손잡이를 달았어요. 물 끊김이 좋고 세 잔을 따뜻하게 지켜 줘요.',
    },
    price: 64,
    stock: 3,
  },
  {
    item_id: 'bowls',
    category: 'table',
    name: { en: 'Nesting bowls, set of three', ko: '포개 쓰는 볼 3종' },
    description: {
      en: 'Soup, salad, something sweet. Three glazed bowls that tuck into one another and take up the room of one.',
      ko: '수프, 샐러드, 그리고 달콤한 디저트까지. 서로 포개져 한 개 자리면 충분한 볼 세 개예요.',
    },
    price: 42,
    stock: 18,
  },
  {
    item_id: 'plate',
    category: 'table',
    name: { en: 'Blue rim plate', ko: '블루 림 접시' },
    description: {
      en: 'A generous dinner plate with a hand-drawn blue line and a painted sprig. Safe in the dishwasher and the oven.',
      ko: '손으로 그은 푸른 선과 작은 가지 그림이 있는 넉넉한 디너 접시예요. 식기세척기와 오븐에서도 안심하고 쓸 수 있어요.',
    },
    price: 24,
    stock: 40,
  },
  {
    item_id: 'carafe',
    category: 'table',
    name: { en: 'Glass carafe with cork', ko: '코르크 유리 카라페' },
    description: {
      en: 'Mouth-blown glass and a cork that sits just right. A litre of water on the table, or a single stem on the sill.',
      ko: '입으로 불어 만든 유리병에 꼭 맞는 코르크 마개를 더했어요. 식탁 위 물병으로도, 창가의 꽃병으로도 좋아요.',
    },
    price: 38,
    stock: 14,
  },
  {
    item_id: 'board',
    category: 'table',
    name: { en: 'Oak chopping board', ko: '오크 도마' },
    description: {
      en: 'Cut from a single oak plank and finished with linseed oil. Handsome enough to carry straight to the table.',
      ko: '통 오크나무 한 장을 잘라 아마씨유로 마감했어요. 그대로 식탁에 올려도 멋스러워요.',
    },
    price: 45,
    stock: 22,
  },
  {
    item_id: 'blanket',
    category: 'textiles',
    name: { en: 'Linen blanket', ko: '리넨 담요' },
    description: {
      en: 'Heavy washed linen in oat, light enough for summer and layered for winter. 140 × 200 cm, and better each year.',
      ko: '워싱한 도톰한 오트색 리넨이에요. 여름엔 가볍게, 겨울엔 겹쳐 쓰기 좋아요. 140 × 200cm, 해가 갈수록 더 좋아져요.',
    },
    price: 119,
    stock: 5,
  },
  {
    item_id: 'cushion',
    category: 'textiles',
    name: { en: 'Mustard cushion', ko: '머스터드 쿠션' },
    description: {
      en: 'Brushed cotton the colour of late afternoon, hand-stitched with a simple star. Feather filling included.',
      ko: '늦은 오후의 빛을 닮은 기모 코튼에 별무늬를 손으로 수놓았어요. 깃털 솜이 함께 들어 있어요.',
    },
    price: 39,
    stock: 26,
  },
  {
    item_id: 'tea-towel',
    category: 'textiles',
    name: { en: 'Striped tea towel', ko: '스트라이프 티 타월' },
    description: {
      en: 'Half linen, half cotton, with woven blue stripes. Dries glasses without a trace and looks well on its hook.',
      ko: '리넨과 코튼을 반씩 섞어 푸른 줄무늬로 짰어요. 유리잔을 자국 없이 닦고, 걸어 두기만 해도 예뻐요.',
    },
    price: 14,
    stock: 60,
  },
  {
    item_id: 'apron',
    category: 'textiles',
    name: { en: 'Gardener’s apron', ko: '정원사 앞치마' },
    description: {
      en: 'Sturdy pine-green canvas with a split pocket for seeds, spoons or secateurs. Ties at the back or the front.',
      ko: '튼튼한 초록 캔버스에 씨앗, 숟가락, 가위를 나눠 담을 주머니를 달았어요. 앞뒤 어느 쪽으로든 묶을 수 있어요.',
    },
    price: 48,
    stock: 17,
  },
  {
    item_id: 'towel',
    category: 'textiles',
    name: { en: 'Bath towels, set of three', ko: '목욕 수건 3장 세트' },
    description: {
      en: 'Long-loop organic cotton in terracotta, cream and sage. Thick, thirsty and quick to dry.',
      ko: '테라코타, 크림, 세이지 색의 유기농 코튼 수건이에요. 도톰하고 물을 잘 머금으면서도 금방 말라요.',
    },
    price: 58,
    stock: 20,
  },
  {
    item_id: 'rug',
    category: 'textiles',
    name: { en: 'Flat-woven wool rug', ko: '평직 울 러그' },
    description: {
      en: 'Woven on a hand loom from undyed wool, with a single diamond at its heart. 120 × 170 cm, with fringed ends.',
      ko: '염색하지 않은 울을 손베틀로 짜고 가운데 마름모 하나를 두었어요. 120 × 170cm, 양 끝에 술 장식이 있어요.',
    },
    price: 140,
    stock: 7,
  },
  {
    item_id: 'pendant-lamp',
    category: 'light',
    name: { en: 'Dome pendant lamp', ko: '돔 펜던트 조명' },
    description: {
      en: 'A spun-metal dome in burnt apricot that drops a soft, warm circle over the table. With 1.5 m of fabric cord.',
      ko: '짙은 살구색 금속 돔이 식탁 위로 부드럽고 따뜻한 빛의 원을 그려 줘요. 1.5m 패브릭 코드가 달려 있어요.',
    },
    price: 128,
    stock: 2,
  },
  {
    item_id: 'table-lamp',
    category: 'light',
    name: { en: 'Ceramic table lamp', ko: '세라믹 테이블 램프' },
    description: {
      en: 'A pale ceramic base and a linen shade that turns any bulb to candlelight. Switched by a small brass pull.',
      ko: '연한 세라믹 몸체와 리넨 갓이 어떤 전구든 촛불처럼 은은하게 바꿔 줘요. 작은 황동 줄을 당겨 켜요.',
    },
    price: 96,
    stock: 9,
  },
  {
    item_id: 'candle',
    category: 'light',
    name: { en: 'Forest walk candle', ko: '숲길 캔들' },
    description: {
      en: 'Pine needle, cedar and a little smoke in slow-burning rapeseed wax. About forty evenings in one glass.',
      ko: '솔잎과 삼나무, 옅은 연기 향을 천천히 타는 유채 왁스에 담았어요. 한 잔으로 마흔 번쯤의 저녁을 밝혀 줘요.',
    },
    price: 26,
    stock: 34,
  },
  {
    item_id: 'candlestick',
    category: 'light',
    name: { en: 'Brass candlesticks, pair', ko: '황동 촛대 한 쌍' },
    description: {
      en: 'Two turned brass candlesticks, one tall and one not. They darken gently with age, as brass should.',
      ko: '키가 서로 다른 황동 촛대 두 개예요. 황동답게 시간이 지날수록 은은하게 깊어져요.',
    },
    price: 52,
    stock: 11,
  },
  {
    item_id: 'incense',
    category: 'light',
    name: { en: 'Hinoki incense & bowl', ko: '히노키 인센스 세트' },
    description: {
      en: 'Forty sticks of cypress incense with a sand-filled bowl to stand them in. One stick lasts half an hour.',
      ko: '편백 향 인센스 마흔 개와 모래를 채운 작은 그릇이에요. 한 개가 30분 정도 타요.',
    },
    price: 29,
    stock: 16,
  },
  {
    item_id: 'matches',
    category: 'light',
    name: { en: 'Long matches in a jar', ko: '유리병 롱 성냥' },
    description: {
      en: 'Sixty long matches with terracotta tips, in a little jar with a strike pad underneath.',
      ko: '테라코타색 머리의 긴 성냥 예순 개를 작은 유리병에 담았어요. 병 밑면에 그어 켜요.',
    },
    price: 6,
    stock: 80,
  },
  {
    item_id: 'plant',
    category: 'living',
    name: { en: 'Pilea in a painted pot', ko: '필레아 화분' },
    description: {
      en: 'The friendliest of houseplants: round leaves, few demands. It arrives about 35 cm tall in its hand-painted pot.',
      ko: '둥근 잎에 손이 많이 가지 않는 다정한 식물이에요. 손으로 칠한 화분에 담겨 35cm쯤 되는 키로 도착해요.',
    },
    price: 32,
    stock: 15,
  },
  {
    item_id: 'vase',
    category: 'living',
    name: { en: 'River vase', ko: '강물 화병' },
    description: {
      en: 'A full, rounded vase in river blue, its waves combed through wet slip. Happy with three stems or thirty.',
      ko: '강물빛의 둥근 화병에 젖은 흙물을 빗어 물결을 새겼어요. 꽃 세 송이도, 서른 송이도 잘 어울려요.',
    },
    price: 44,
    stock: 13,
  },
  {
    item_id: 'watering-can',
    category: 'living',
    name: { en: 'Enamel watering can', ko: '에나멜 물뿌리개' },
    description: {
      en: 'A balanced little can with a fine brass rose, for windowsills and balconies. Holds a litre and a half.',
      ko: '촘촘한 황동 꼭지를 단 균형 좋은 물뿌리개예요. 창가와 베란다에 알맞고 1.5리터가 담겨요.',
    },
    price: 36,
    stock: 19,
  },
  {
    item_id: 'basket',
    category: 'living',
    name: { en: 'Seagrass basket', ko: '해초 바구니' },
    description: {
      en: 'Hand-woven from seagrass, with two leathery handles. For throws, toys, or the washing you will fold later.',
      ko: '해초를 손으로 엮고 손잡이 두 개를 달았어요. 담요도, 장난감도, 나중에 갤 빨래도 담아 두세요.',
    },
    price: 35,
    stock: 0,
  },
  {
    item_id: 'clock',
    category: 'living',
    name: { en: 'Beech wall clock', ko: '비치우드 벽시계' },
    description: {
      en: 'A steam-bent beech frame around a quiet, sweeping movement. No ticking, just the time.',
      ko: '증기로 휜 너도밤나무 테에 조용히 흐르는 무브먼트를 넣었어요. 째깍거림 없이 시간만 알려 줘요.',
    },
    price: 72,
    stock: 4,
  },
  {
    item_id: 'soap',
    category: 'living',
    name: { en: 'Olive oil soaps & dish', ko: '올리브 비누 & 받침' },
    description: {
      en: 'Two bars of cold-pressed olive soap, plain and sage, resting on a small beech dish.',
      ko: '냉압착 올리브유로 만든 플레인과 세이지 비누 두 개를 작은 나무 받침에 담았어요.',
    },
    price: 16.5,
    stock: 45,
  },
];
