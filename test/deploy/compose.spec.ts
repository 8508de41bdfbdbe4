import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = readFileSync(`${root}docker-compose.yml`, 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly profiles?: readonly string[];
  readonly restart?: string;
  readonly network_mode?: string;
  readonly ports?: unknown;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
}

const document = parseDocument(text, { merge: true, strict: true, uniqueKeys: true });
const compose = document.toJS() as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const services = Object.entries(compose.services);

/** Members that the services of this file may have: what is misspelt, compose would refuse only when it is started. */
const MEMBERS =
  'build cap_drop command depends_on entrypoint environment healthcheck image network_mode profiles ' +
  'read_only restart security_opt stop_grace_period tmpfs volumes';

const inProfile = (profile: string) => services.filter(([, { profiles }]) => profiles?.includes(profile));
const nodes = services.filter(([, { image }]) => image?.includes('/kurrentdb:'));
const clusterNodes = nodes.filter(([, { profiles }]) => profiles?.includes('cluster'));
const ledgers = services.filter(([name]) => /^ledger(-[ab])?$/.test(name));

// There is no container engine where these tests run: they check what the file says, not what an engine makes of it.
describe('docker-compose.yml', () => {
  it('is YAML without a mistake or a warning', () => {
    expect(document.errors).toEqual([]);
    expect(document.warnings).toEqual([]);
  });

  it('has services of known members, volumes that are declared and used, files that are there', () => {
    const used = new Set<string>();
    for (const [name, service] of services) {
      expect([name, Object.keys(service).filter((member) => !MEMBERS.split(' ').includes(member))]).toEqual([
        name,
        [],
      ]);
      for (const volume of service.volumes ?? []) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('.')) expect([source, existsSync(root + source)]).toEqual([source, true]);
        else used.add(source);
      }
      for (const other of Object.keys(service.depends_on ?? {})) {
        expect(Object.keys(compose.services)).toContain(other);
        // A dependency outside the profile would not be started.
        expect(compose.services[other]?.profiles).toEqual(service.profiles);
      }
    }
    expect([...used].sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('starts the embedded ledger alone where no profile is named', () => {
    expect(services.filter(([, { profiles }]) => !profiles).map(([name]) => name)).toEqual(['ledger']);
    expect(compose.services['ledger']?.environment).not.toHaveProperty('STUDY_LEDGER_STORE');
  });

  it('has one node in one profile, and three nodes with two ledger processes in the other', () => {
    expect(inProfile('node').map(([name]) => name)).toEqual(['kurrentdb']);
    expect(clusterNodes).toHaveLength(3);
    expect(inProfile('cluster').filter(([name]) => /^ledger-[ab]$/.test(name))).toHaveLength(2);
  });

  it('pins every image to a full version', () => {
    for (const [name, { image = '' }] of services)
      expect([name, image]).toEqual([name, expect.stringMatching(/^[a-z0-9./-]+:\d+\.\d+\.\d+(-[a-z]+)?$/)]);
    expect(new Set(nodes.map(([, { image }]) => image)).size).toBe(1);
  });

  it('starts nodes and ledgers again always, and what is done once, never', () => {
    for (const [name, { restart }] of [...nodes, ...ledgers])
      expect([name, restart]).toEqual([name, 'always']);
    for (const name of ['secrets', 'ledger-init']) expect(compose.services[name]?.restart).toBe('no');
  });

  it('opens nothing to other machines', () => {
    for (const [name, { ports, network_mode }] of services) {
      expect([name, ports]).toEqual([name, undefined]);
      expect(['host', 'none']).toContain(network_mode);
    }
    for (const [, { environment }] of nodes) {
      expect(environment?.['KURRENTDB_NODE_IP']).toBe('127.0.0.1');
      expect(environment?.['KURRENTDB_REPLICATION_IP']).toBe('127.0.0.1');
    }
  });

  it('has a cluster whose nodes know each other, speak TLS and clash nowhere', () => {
    const ports = nodes.flatMap(([, { environment }]) => [
      environment?.['KURRENTDB_NODE_PORT'],
      environment?.['KURRENTDB_REPLICATION_PORT'],
    ]);
    const taken = [...ports, ...ledgers.map(([, { environment }]) => environment?.['PORT'])];
    expect(new Set(taken).size).toBe(taken.length);
    const addresses = clusterNodes.map(
      ([, node]) => `127.0.0.1:${node.environment?.['KURRENTDB_NODE_PORT']}`,
    );
    for (const [index, [, { environment = {}, healthcheck }]] of clusterNodes.entries()) {
      expect(environment).toMatchObject({ KURRENTDB_CLUSTER_SIZE: '3', KURRENTDB_DISCOVER_VIA_DNS: 'false' });
      expect(environment).not.toHaveProperty('KURRENTDB_INSECURE');
      expect(environment['KURRENTDB_CERTIFICATE_FILE']).toBeDefined();
      expect(environment['KURRENTDB_GOSSIP_SEED']?.split(',')).toEqual(
        addresses.filter((_, i) => i !== index),
      );
      expect(healthcheck?.test?.at(-1)).toBe(`https://${addresses[index]}/health/live`);
    }
    for (const name of ['ledger-init', 'ledger-a', 'ledger-b']) {
      const address = compose.services[name]?.environment?.['STUDY_LEDGER_STORE'] ?? '';
      expect(/^kurrentdb:\/\/([^?]+)\?/.exec(address)?.[1]?.split(',')).toEqual(addresses);
      expect(address).not.toMatch(/insecure|tls=false/);
    }
  });

  it('holds no password, and shows an administrator’s to no ledger process', () => {
    expect(text).not.toMatch(/changeit|password: *\S|PASSWORD: *\S/i);
    for (const name of ['ledger-a', 'ledger-b'])
      expect(compose.services[name]?.volumes).toEqual([
        'ledger-cluster-data:/app/ledger',
        'ledger-secrets:/run/ledger:ro',
      ]);
  });

  it('reports nothing to the maker of the server, and never gives up durability', () => {
    for (const [, { environment }] of nodes) {
      expect(environment?.['KURRENTDB_TELEMETRY_OPTOUT']).toBe('true');
      expect(Object.keys(environment ?? {}).filter((name) => name.includes('UNSAFE'))).toEqual([]);
    }
  });

  it('sets variables that the program reads', () => {
    const read = readFileSync(`${root}src/main.ts`, 'utf8');
    for (const [, { environment = {} }] of ledgers)
      for (const name of Object.keys(environment)) expect(read).toContain(name);
  });
});

describe('Dockerfile', () => {
  const lines = readFileSync(`${root}Dockerfile`, 'utf8').replaceAll('\\\n', ' ').split('\n');
  const stages = lines.filter((line) => line.startsWith('FROM '));
  const last = lines.slice(lines.lastIndexOf(stages.at(-1) ?? ''));

  it('builds in one stage and runs in another, both of one pinned version', () => {
    const versions = stages.map(
      (line) => /^FROM node:(\d+\.\d+\.\d+)-bookworm(-slim)?( AS build)?$/.exec(line)?.[1],
    );
    expect(versions).toHaveLength(2);
    expect(new Set(versions).size).toBe(1);
    expect(versions[0]).toMatch(/^20\./);
  });

  it('runs as nobody special, and leaves nothing to be done as root after that', () => {
    const user = last.findIndex((line) => line.startsWith('USER '));
    expect(last[user]).toBe('USER node');
    expect(last.slice(user).filter((line) => /^(RUN|COPY|ADD) /.test(line))).toEqual([]);
  });

  it('asks whether the program lives, at the port that it was given', () => {
    const health = last.find((line) => line.startsWith('HEALTHCHECK')) ?? '';
    expect(health).toContain('/health`');
    expect(health).toContain('process.env.PORT');
  });

  it('has a volume that its user may write', () => {
    const made = last.find((line) => line.startsWith('RUN install -d -o node '));
    const [workdir] = last.filter((line) => line.startsWith('WORKDIR ')).map((line) => line.slice(8));
    const ledger = `${workdir}/${made?.split(' ').at(-1)}`;
    expect(last).toContain(`VOLUME ${ledger}`);
    for (const [, { volumes = [] }] of ledgers)
      expect(volumes.filter((volume) => volume.endsWith(`:${ledger}`))).toHaveLength(1);
  });
});
