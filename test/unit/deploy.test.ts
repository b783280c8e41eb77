import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { siteFaults } from '../../server/core/site-faults.ts';
import { SiteFile } from '../../shared/site.ts';
import {
  read,
  readBalancer,
  readCompose,
  readDockerfile,
  readManifests,
  root,
} from '../support/deploy-files.ts';

const { version, scripts } = z
  .object({ version: z.string(), scripts: z.object({ start: z.string(), demo: z.string() }) })
  .parse(JSON.parse(read('package.json')));
const variables = new Set(matches(/^ {2}([A-Z][A-Z_]*): /gm, read('server/config.ts')));
const PATH = /'(\/[a-z][\w./:-]*)'/g;
const healthPaths = new Set(matches(PATH, read('server/http/health.ts')));
const served = new Set(
  readdirSync(new URL('server/http/', root)).flatMap((file) => matches(PATH, read(`server/http/${file}`))),
);
/** Whatever is under way, a hub that was told to stop is gone by then. */
const goneWithinMs = Number(
  matches(/FORCE_AFTER_MS = ([\d_]+)/g, read('server/run.ts'))[0]?.replaceAll('_', ''),
);
const dockerfile = readDockerfile();
const image = dockerfile.at(-1) ?? (() => []);
const imageEnvironment = Object.fromEntries(
  image('ENV').flatMap((line) => line.split(' ').map((pair) => pair.split('='))),
) as Record<string, string>;
const { services, volumes } = readCompose();
const hubs = Object.entries(services).filter(([, { build }]) => build !== undefined);

it('what the source says of itself is found there', () => {
  expect([...variables]).toEqual(
    expect.arrayContaining(['PORT', 'HOST', 'REDIS_URL', 'SITE_FILE', 'LOG_LEVEL']),
  );
  expect([...healthPaths]).toEqual(expect.arrayContaining(['/healthz', '/readyz']));
  expect(served.size).toBeGreaterThan(10);
  expect(goneWithinMs).toBeGreaterThan(0);
});

describe('the image', () => {
  it('starts a hub as `npm start` does', () => {
    expect(words(image('CMD')[0]).join(' ')).toBe(scripts.start);
    expect(image('ENTRYPOINT')).toEqual([]);
    expect(image('STOPSIGNAL')).toEqual(['SIGTERM']);
  });

  it('leaves no `__proto__` in a hub, through which a request could reach what all objects share', () => {
    const flag = '--disable-proto=delete';
    const main = ` ${flag} .*dist/server/main.js$`;
    expect(scripts.start).toMatch(new RegExp(main));
    expect(words(image('CMD')[0]).join(' ')).toMatch(new RegExp(main));
    expect(scripts.demo).toContain(` ${flag} `);
    for (const file of ['demo/dev.mjs', 'test/support/hub-process.ts', 'test/bench/pinned-process.ts'])
      expect(read(file), file).toContain(`'${flag}'`);
    // No deployment says differently.
    for (const { command, environment } of hubs.map(([, service]) => service)) {
      expect(command).toBeUndefined();
      expect(environment).not.toHaveProperty('NODE_OPTIONS');
    }
  });

  it('tells the hub only what it knows, and to listen where others reach it', () => {
    for (const name of Object.keys(imageEnvironment)) expect(variables).toContain(name);
    expect(imageEnvironment).not.toHaveProperty('ALLOW_VOLATILE_STORE');
    expect(imageEnvironment['HOST']).toBe('0.0.0.0');
    expect(image('EXPOSE')).toEqual([imageEnvironment['PORT']]);
  });

  it('does not run as root, and says so by number, which is all that Kubernetes can check', () => {
    expect(image('USER')).toHaveLength(1);
    expect(image('USER')[0]).toMatch(/^[1-9]\d*$/);
  });

  it('is built with the tools and holds none of them', () => {
    const [build, dependencies] = dockerfile;
    expect(build?.('RUN')).toEqual(['npm ci', 'npm run build']);
    expect(dependencies?.('RUN')).toEqual(['npm ci --omit=dev']);
    // With the settings that keep programs of packages from running, which are beside the lockfile.
    for (const stage of [build, dependencies])
      expect(stage?.('COPY')[0]).toBe('package.json package-lock.json .npmrc ./');
    const copied = image('COPY').map((line) => line.split(' '));
    const from = (stage: string) =>
      copied.filter(([first]) => first === `--from=${stage}`).map(([, path = '']) => path);
    expect(from('dependencies')).toEqual(['/app/node_modules']);
    const built = matches(/here\('(dist\/[^']+)'\)/g, read('vite.config.ts')).map((path) => `/app/${path}`);
    expect(built).toEqual(expect.arrayContaining(from('build')));
    expect(from('build')).toContain('/app/dist/server');
    expect(from('build')).toContain('/app/dist/widget');
    expect(from('build')).toContain('/app/dist/sbom.cdx.json');
    for (const stage of dockerfile) expect(stage('FROM')[0]).toMatch(/^node:20-bookworm-slim( AS \w+)?$/);
  });

  it('is sent all that its build reads, and nothing that lies about', () => {
    const [first, ...kept] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    const isSent = (path: string) =>
      kept.some((line) => line === `!${path}` || path.startsWith(`${line.slice(1)}/`));
    const needed = [
      ...dockerfile
        .flatMap((stage) => stage('COPY'))
        .filter((line) => !line.startsWith('--from'))
        .flatMap((line) => line.split(' ').slice(0, -1))
        .filter((path) => path !== '.'),
      ...matches(/from '\.\/([^']+)'/g, read('vite.config.ts')),
      ...matches(/here\('((?:demo|server|shared|widget)\/[\w./-]+)'\)/g, read('vite.config.ts')),
      'tsconfig.json',
      'vite.config.ts',
      'shared/site.ts',
    ];
    expect(needed.length).toBeGreaterThan(15);
    for (const path of needed) {
      expect(existsSync(new URL(path, root)), path).toBe(true);
      expect(isSent(path), path).toBe(true);
    }
    for (const path of ['.env', '.git', '.data', 'node_modules', 'deploy/site.json', 'dist', 'site.json'])
      expect(isSent(path), path).toBe(false);
  });
});

describe('a hub is asked how it is', () => {
  const asked: string[] = [];
  let status = 200;
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(status).end('{}');
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => void server.close());

  it.each([
    ['the image, whether it serves', '/healthz', words(image('HEALTHCHECK')[0]?.split(' CMD ')[1])],
    ...hubs.map(([name, { healthcheck }]): [string, string, string[]] => [
      `${name} of docker-compose.yml, whether it is ready`,
      '/readyz',
      healthcheck?.test.slice(1) ?? [],
    ]),
  ])('%s', async (_what, path, [node, ...args]) => {
    expect(node).toBe('node');
    expect(healthPaths).toContain(path);
    const { port } = server.address() as AddressInfo;
    asked.length = 0;
    status = 200;
    expect(await exitCode(args, port)).toBe(0);
    status = 503;
    expect(await exitCode(args, port)).toBe(1);
    expect(asked).toEqual([path, path]);
    // Nobody listens on port 1.
    expect(await exitCode(args, 1)).toBe(1);
  });
});

describe('docker-compose.yml', () => {
  it('runs two hubs of this version, once Redis answers', () => {
    expect(hubs.map(([name]) => name)).toEqual(['hub-1', 'hub-2']);
    for (const [, hub] of hubs) {
      expect(hub.image).toBe(`cartbell:${version}`);
      expect(hub.build).toEqual({ context: '..', dockerfile: 'deploy/Dockerfile' });
      expect(hub.depends_on).toEqual({ redis: { condition: 'service_healthy' } });
    }
  });

  it('tells hubs only what they know, and never to do with a store that forgets', () => {
    for (const [, { environment = {} }] of hubs) {
      for (const name of Object.keys(environment)) expect(variables).toContain(name);
      expect(environment['REDIS_URL']).toBe('redis://redis:6379');
      expect(environment).not.toHaveProperty('ALLOW_VOLATILE_STORE');
    }
  });

  it('gives hubs longer to stop than they take', () => {
    for (const [, { stop_grace_period: grace = '' }] of hubs) {
      expect(grace).toMatch(/^\d+s$/);
      expect(Number.parseInt(grace, 10) * 1_000).toBeGreaterThan(goneWithinMs);
    }
  });

  it('has a Redis that keeps a log, throws nothing away, and is reached by nobody else', () => {
    const { image: name, command = [], ports, volumes: mounts } = services['redis'] ?? {};
    expect(name).toMatch(/^redis:[7-9]/);
    expect(command[0]).toBe('redis-server');
    const setting = (option: string) => command[command.indexOf(option) + 1];
    expect(setting('--appendonly')).toBe('yes');
    expect(setting('--appendfsync')).toBe('always');
    expect(setting('--maxmemory-policy')).toBe('noeviction');
    expect(setting('--maxmemory')).toMatch(/^\d+[mg]b$/);
    expect(mounts).toEqual(['redis-data:/data']);
    expect(volumes).toHaveProperty('redis-data');
    expect(ports).toBeUndefined();
  });

  it('mounts what is there, where hubs look for it', () => {
    const mounts = Object.values(services).flatMap((service) => service.volumes ?? []);
    const sources = mounts.map((mount) => (typeof mount === 'string' ? mount.split(':')[0] : mount.source));
    const files = new Set(sources.filter((source) => source?.startsWith('.')));
    expect(files).toEqual(new Set(['./site.json', './haproxy.cfg']));
    for (const file of files) expect(existsSync(new URL(`deploy/${file}`, root)), file).toBe(true);
    for (const [, { environment, volumes: [site] = [] }] of hubs)
      expect(site).toMatchObject({ source: './site.json', target: environment?.['SITE_FILE'] });
  });

  it('names a version of each image', () => {
    for (const { image: name } of Object.values(services)) expect(name).toMatch(/^[a-z]+:\d[\w.-]*$/);
  });
});

describe('haproxy.cfg', () => {
  const section = readBalancer();
  const ways = matches(/^(?:use|default)_backend (\S+)/gm, section('frontend pages'));

  it('knows both hubs on every way that a page may take', () => {
    expect(new Set(ways)).toEqual(new Set(['hubs', 'hubs-by-client']));
    for (const way of ways) {
      const servers = matches(/^server (\S+ \S+)/gm, section(`backend ${way}`));
      expect(servers).toEqual(hubs.map(([name]) => `${name} ${name}:${imageEnvironment['PORT']}`));
    }
  });

  it('gives new pages only to hubs that are ready, and of those to the one with the fewest', () => {
    const [path = ''] = matches(/^option httpchk GET (\S+)$/gm, section('backend hubs'));
    expect(path).toBe('/readyz');
    expect(healthPaths).toContain(path);
    expect(section('backend hubs')).toMatch(/^http-check expect status 200$/m);
    expect(section('backend hubs')).toMatch(/^default-server check /m);
    expect(section('backend hubs')).toMatch(/^balance leastconn$/m);
    for (const [name] of hubs)
      expect(section('backend hubs-by-client')).toMatch(
        new RegExp(`^server ${name} .* track hubs/${name}$`, 'm'),
      );
  });

  it('keeps polling sessions, and only those, on one hub by the client’s address', () => {
    expect(matches(/^use_backend (.*)$/gm, section('frontend pages'))).toEqual([
      'hubs-by-client if { url_param(transport) -m str polling }',
      'hubs-by-client if { url_param(sid) -m found }',
    ]);
    expect(section('backend hubs-by-client')).toMatch(/^balance source\nhash-type consistent$/m);
  });

  it('lets sockets be quiet, says for whom it asks, and lets no figures out', () => {
    expect(section('defaults')).toMatch(/^timeout tunnel 1h$/m);
    expect(section('frontend pages')).toMatch(/^http-request set-header X-Forwarded-For %\[src\]$/m);
    expect(section('frontend pages')).toMatch(/^http-request deny .* -m beg \/metrics \}$/m);
  });

  it('may open as many files as it takes pages, without which it does not start', () => {
    const [pages] = matches(/^maxconn (\d+)$/gm, section('global'));
    const { ulimits, ports } = services['balancer'] ?? {};
    expect(ulimits?.nofile).toBeGreaterThan(2 * Number(pages) + 100);
    expect(ports).toEqual(
      matches(/^bind :(\d+)$/gm, section('frontend pages')).map((port) => `4600:${port}`),
    );
  });
});

describe('kubernetes.yaml', () => {
  const { kinds, configMap, deployment, service, budget, ingress, autoscaler } = readManifests();
  const pod = deployment.spec.template;
  const [hub] = pod.spec.containers;
  const port = hub.ports.find(({ name }) => name === 'http');

  it('has one of each kind, in no namespace of its own', () => {
    expect(kinds).toEqual([
      'v1 ConfigMap',
      'apps/v1 Deployment',
      'v1 Service',
      'policy/v1 PodDisruptionBudget',
      'networking.k8s.io/v1 Ingress',
      'autoscaling/v2 HorizontalPodAutoscaler',
    ]);
  });

  it('tells hubs only what they know, where Redis is as a secret, and never to do with a store that forgets', () => {
    const names = hub.env.map(({ name }) => name);
    for (const name of names) expect(variables).toContain(name);
    expect(names).not.toContain('ALLOW_VOLATILE_STORE');
    const redis = hub.env.find(({ name }) => name === 'REDIS_URL');
    expect(redis).toEqual({
      name: 'REDIS_URL',
      valueFrom: { secretKeyRef: { name: 'cartbell-redis', key: 'REDIS_URL' } },
    });
  });

  it('mounts the site file where hubs look for it', () => {
    const path = hub.env.find(({ name }) => name === 'SITE_FILE')?.['value'];
    const [mount] = hub.volumeMounts;
    const volume = pod.spec.volumes.find(({ name }) => name === mount?.name);
    expect(volume?.configMap.name).toBe(configMap.metadata.name);
    expect(Object.keys(configMap.data).map((file) => `${mount?.mountPath}/${file}`)).toEqual([path]);
  });

  it('asks each hub on the port that it listens on, and restarts none because its store is away', () => {
    const probes = [hub.startupProbe, hub.livenessProbe, hub.readinessProbe];
    for (const { httpGet } of probes) {
      expect([port?.name, port?.containerPort]).toContain(httpGet.port);
      expect(healthPaths).toContain(httpGet.path);
    }
    expect(probes.map(({ httpGet }) => httpGet.path)).toEqual(['/healthz', '/healthz', '/readyz']);
    expect(String(port?.containerPort)).toBe(imageEnvironment['PORT']);
  });

  it('waits for balancers and for the hub before it kills one', () => {
    const [sleep, wait] = hub.lifecycle.preStop.exec.command;
    expect(sleep).toBe('sleep');
    expect(Number(wait)).toBeGreaterThan(0);
    const waited = Number(wait) * 1_000 + goneWithinMs;
    expect(pod.spec.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(waited);
  });

  it('never has fewer hubs than before while it changes them, and leaves their number to the autoscaler', () => {
    expect(deployment.spec.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
    });
    expect(deployment.spec.replicas).toBeUndefined();
    expect(autoscaler.spec.minReplicas).toBeGreaterThanOrEqual(2);
    expect(autoscaler.spec.maxReplicas).toBeGreaterThan(autoscaler.spec.minReplicas);
  });

  it('scales what it deploys, by sockets and lag, and slowly down', () => {
    expect(autoscaler.spec.scaleTargetRef).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: deployment.metadata.name,
    });
    const metrics = autoscaler.spec.metrics.map(({ pods }) => pods.metric.name);
    expect(metrics).toEqual(['cartbell_sockets', 'cartbell_log_lag_records']);
    for (const metric of metrics)
      expect(read('server/telemetry/readings.ts')).toContain(`'${metric.replace('cartbell_', '')}'`);
    expect(autoscaler.spec.metrics[0]?.pods.target.averageValue).toBe('5000');
    expect(autoscaler.spec.behavior.scaleDown.stabilizationWindowSeconds).toBeGreaterThanOrEqual(600);
  });

  it('means the same pods everywhere', () => {
    const selectors = [
      deployment.spec.selector.matchLabels,
      service.spec.selector,
      budget.spec.selector.matchLabels,
      ...pod.spec.topologySpreadConstraints.map(({ labelSelector }) => labelSelector.matchLabels),
    ];
    expect(selectors).toHaveLength(5);
    for (const selector of selectors) {
      expect(Object.keys(selector).length).toBeGreaterThan(0);
      expect(pod.metadata.labels).toMatchObject(selector);
    }
  });

  it('runs this version without root, and with nothing to write to', () => {
    expect(hub.image).toBe(`cartbell:${version}`);
    expect(pod.spec.securityContext).toMatchObject({ runAsNonRoot: true });
    expect(String(pod.spec.securityContext.runAsUser)).toBe(image('USER')[0]);
    expect(hub.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(hub.resources.requests).toHaveProperty('memory');
    expect(hub.resources.limits).toHaveProperty('memory');
  });

  it('is scraped where there are figures', () => {
    expect(pod.metadata.annotations).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': String(port?.containerPort),
      'prometheus.io/path': '/metrics',
    });
    expect(served).toContain('/metrics');
  });

  it('lets in what pages and shops ask for, and nothing that is the operator’s', () => {
    const paths = ingress.spec.rules.flatMap(({ http }) => http.paths);
    for (const { backend } of paths) {
      expect(backend.service.name).toBe(service.metadata.name);
      const entry = service.spec.ports.find(({ name }) => name === backend.service.port.name);
      expect([port?.name, port?.containerPort]).toContain(entry?.targetPort);
    }
    const isLetIn = (asked: string) =>
      paths.some(({ path, pathType }) =>
        pathType === 'Exact' ? asked === path : asked === path || asked.startsWith(`${path}/`),
      );
    const operators = [...healthPaths, '/metrics'];
    const others = [...served].filter((path) => !operators.includes(path));
    for (const path of [...others, '/socket.io/', '/cartbell.js', '/cartbell/start.js'])
      expect(isLetIn(path), path).toBe(true);
    for (const path of operators) expect(isLetIn(path), path).toBe(false);
  });

  it('brings the site file that docker-compose.yml brings', () => {
    expect(JSON.parse(configMap.data['site.json'] ?? '')).toEqual(JSON.parse(read('deploy/site.json')));
  });
});

it('a hub would take the example of a site file', () => {
  const site = SiteFile.parse(JSON.parse(read('deploy/site.json')));
  expect(siteFaults(site)).toEqual([]);
});

it('deploy/README.md names every file beside it', () => {
  const others = readdirSync(new URL('deploy/', root)).filter((name) => name !== 'README.md');
  for (const name of others) expect(read('deploy/README.md')).toContain(`\`${name}\``);
});

/** What the group of the pattern matched, each time. */
function matches(pattern: RegExp, text: string): string[] {
  return [...text.matchAll(pattern)].map(([, group = '']) => group);
}

/** The words of a command that is written as JSON. */
function words(json: string | undefined): string[] {
  return z.array(z.string()).parse(JSON.parse(json ?? '[]'));
}

function exitCode(args: readonly string[], port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { env: { PORT: String(port) } }, () =>
      resolve(child.exitCode),
    );
  });
}
