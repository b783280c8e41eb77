/** What a hub's `/metrics` says at one moment. */
export interface Metrics {
  /** One series, named as in the text: `name` or `name{label="value"}`. */
  of(series: string): number;
  readonly series: readonly string[];
  readonly text: string;
}

export async function metricsOf(hub: string): Promise<Metrics> {
  const response = await fetch(`${hub}/metrics`);
  if (response.status !== 200) throw new Error(`/metrics: ${response.status}`);
  return read(await response.text());
}

/** Refuses a line that is none of the format's, and a series that is told twice or belongs to no metric. */
function read(text: string): Metrics {
  const values = new Map<string, number>();
  const types = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, named, type] = /^# TYPE (\w+) (counter|gauge|histogram|summary)$/.exec(line) ?? [];
    if (named !== undefined && type !== undefined) types.set(named, type);
    if (line.startsWith('# ')) continue;
    const [, series, name, value] = /^((\w+)(?:\{\w+="[^"]*"(?:,\w+="[^"]*")*\})?) (\S+)$/.exec(line) ?? [];
    if (series === undefined || name === undefined || values.has(series))
      throw new Error(`Not read: ${line}`);
    const metric = types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
    if (!types.has(metric)) throw new Error(`Of no metric: ${line}`);
    values.set(series, Number(value));
  }
  return {
    of: (series) => {
      const value = values.get(series);
      if (value === undefined) throw new Error(`There is no ${series}.`);
      return value;
    },
    series: [...values.keys()],
    text,
  };
}
