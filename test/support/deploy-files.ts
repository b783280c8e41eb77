import { readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

/** The root of the repository. */
export const root = new URL('../../', import.meta.url);

export function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

const ComposeService = z.looseObject({
  image: z.string(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.union([z.string(), z.looseObject({ source: z.string() })])).optional(),
  depends_on: z.unknown().optional(),
  ulimits: z.object({ nofile: z.number() }).optional(),
  stop_grace_period: z.string().optional(),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
  ports: z.array(z.string()).optional(),
});

/** What a test reads of docker-compose.yml. */
export function readCompose() {
  return z
    .looseObject({
      services: z.record(z.string(), ComposeService),
      volumes: z.record(z.string(), z.unknown()),
    })
    .parse(parse(read('deploy/docker-compose.yml'), { merge: true }));
}

const Labels = z.record(z.string(), z.string());
const Selector = z.strictObject({ matchLabels: Labels });
const Metadata = z.looseObject({ name: z.string(), namespace: z.undefined().optional() });
const Port = z.union([z.number(), z.string()]);
const Probe = z.looseObject({
  httpGet: z.object({ path: z.string(), port: Port }),
  timeoutSeconds: z.number(),
});

const Container = z.looseObject({
  image: z.string(),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
  env: z.array(z.looseObject({ name: z.string() })),
  envFrom: z.undefined().optional(),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })),
  startupProbe: Probe,
  livenessProbe: Probe,
  readinessProbe: Probe,
  lifecycle: z.object({ preStop: z.object({ exec: z.object({ command: z.array(z.string()) }) }) }),
  resources: z.object({
    requests: z.record(z.string(), z.string()),
    limits: z.record(z.string(), z.string()),
  }),
  securityContext: z.looseObject({}),
});

const Deployment = z.looseObject({
  metadata: Metadata,
  spec: z.looseObject({
    replicas: z.number().optional(),
    selector: Selector,
    strategy: z.unknown(),
    template: z.object({
      metadata: z.object({ labels: Labels, annotations: Labels }),
      spec: z.looseObject({
        terminationGracePeriodSeconds: z.number(),
        securityContext: z.looseObject({ runAsUser: z.number() }),
        topologySpreadConstraints: z.array(z.looseObject({ labelSelector: Selector })),
        containers: z.tuple([Container]),
        volumes: z.array(z.looseObject({ name: z.string(), configMap: z.object({ name: z.string() }) })),
      }),
    }),
  }),
});

const ServicePort = z.object({ name: z.string(), port: z.number(), targetPort: Port });
const IngressPath = z.object({
  path: z.string(),
  pathType: z.enum(['Exact', 'Prefix']),
  backend: z.object({ service: z.object({ name: z.string(), port: z.object({ name: z.string() }) }) }),
});

const Kinds = {
  ConfigMap: z.looseObject({ metadata: Metadata, data: Labels }),
  Deployment,
  Service: z.looseObject({
    metadata: Metadata,
    spec: z.looseObject({ selector: Labels, ports: z.array(ServicePort) }),
  }),
  PodDisruptionBudget: z.looseObject({ metadata: Metadata, spec: z.looseObject({ selector: Selector }) }),
  Ingress: z.looseObject({
    metadata: Metadata,
    spec: z.looseObject({
      rules: z.array(z.looseObject({ http: z.object({ paths: z.array(IngressPath) }) })),
    }),
  }),
  HorizontalPodAutoscaler: z.looseObject({
    metadata: Metadata,
    spec: z.looseObject({
      scaleTargetRef: z.unknown(),
      minReplicas: z.number(),
      maxReplicas: z.number(),
      metrics: z.array(
        z.object({
          type: z.string(),
          pods: z.object({
            metric: z.object({ name: z.string() }),
            target: z.object({ type: z.literal('AverageValue'), averageValue: z.string() }),
          }),
        }),
      ),
      behavior: z.looseObject({ scaleDown: z.looseObject({ stabilizationWindowSeconds: z.number() }) }),
    }),
  }),
};

/** What a test reads of kubernetes.yaml: one of each kind, by kind. */
export function readManifests() {
  const documents = parseAllDocuments(read('deploy/kubernetes.yaml')).map((document) => {
    const [error] = document.errors;
    if (error) throw error;
    return z.looseObject({ apiVersion: z.string(), kind: z.string() }).parse(document.toJS());
  });
  const the = <Kind extends keyof typeof Kinds>(kind: Kind): z.output<(typeof Kinds)[Kind]> =>
    Kinds[kind].parse(documents.find((document) => document.kind === kind)) as z.output<(typeof Kinds)[Kind]>;
  return {
    kinds: documents.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`),
    configMap: the('ConfigMap'),
    deployment: the('Deployment'),
    service: the('Service'),
    budget: the('PodDisruptionBudget'),
    ingress: the('Ingress'),
    autoscaler: the('HorizontalPodAutoscaler'),
  };
}

/** The instructions of the Dockerfile by stage, with what each says. */
export function readDockerfile(): ((word: string) => string[])[] {
  const lines = read('deploy/Dockerfile')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return lines
    .join('\n')
    .split(/^(?=FROM )/m)
    .map(
      (stage) => (word: string) =>
        stage
          .split('\n')
          .flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : [])),
    );
}

/** The sections of haproxy.cfg by their first line, without comments and indentation. */
export function readBalancer(): (section: string) => string {
  const sections = read('deploy/haproxy.cfg')
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/^ +/gm, '\t')
    .split(/^(?=\w)/m)
    .map((section): [string, string] => [section.split('\n')[0] ?? '', section.replaceAll('\t', '')]);
  const byName = new Map(sections);
  return (name) => {
    const section = byName.get(name);
    if (section === undefined) throw new Error(`haproxy.cfg has no "${name}".`);
    return section;
  };
}
