import type { KubeError, ObjectReference } from '../../live/index.ts';
import type { Verdict } from '../types.ts';

const unknownField = /field not declared in schema$/;
const typedObject = /failed to create typed (?:patch|live) object \([^)]*\): ([^]*)$/;
const strict = /strict decoding error: ([^]*)$/;
const denied = /admission webhook "([^"]*)" denied the request(?: without explanation)?:? ?([^]*)$/;
const webhookDown = /failed calling webhook "([^"]*)"/;
const noDryRun = /admission webhook "([^"]*)" does not support dry run/;
const notAllowed =
  /cannot (\w+) resource "([^"]*)" in API group "([^"]*)"(?: in the namespace "([^"]*)"| at the cluster scope)?/;
const quota = /exceeded quota: ([^,]+), requested: (.+), used: (.+), limited: (.+)$/;
const terminating =
  /unable to create new content in namespace (\S+) because it is being terminated/;
const fieldAtStart = /(?:^|, )((?:spec|metadata|data|stringData)(?:[.[][^\s:,]*)?): /g;

/** What a server's refusal means, by fields where it names some. */
export function verdictsOf(error: KubeError, reference: ObjectReference): readonly Verdict[] {
  const text = error.detail || error.message;
  const isSecret = reference.kind === 'Secret' && reference.apiVersion === 'v1';
  const found = forbidden(text) ??
    unanswered(text) ??
    withoutDryRun(text) ??
    overQuota(text) ??
    inGoingNamespace(text) ??
    inNoNamespace(error, text, reference) ??
    schemaVerdicts(text) ??
    strictVerdicts(text) ??
    deniedVerdicts(text) ??
    causeVerdicts(error) ?? [refusal('', text)];
  return isSecret ? found.map(withoutQuotes) : found;
}

/** A server's warning, on the field that it begins with. */
export function warningOf(text: string, { apiVersion, kind }: ObjectReference): Verdict {
  const field = /^((?:spec|metadata|data)(?:[.[]\S*?)?): /.exec(text)?.[1] ?? '';
  // A webhook's warning may quote values of a Secret.
  const isQuiet = kind === 'Secret' && apiVersion === 'v1';
  const message = isQuiet
    ? `The server warns of ${field === '' ? 'the Secret' : field}; what it says is not shown.`
    : sentence(text);
  return { severity: 'warning', message, field };
}

function refusal(field: string, message: string): Verdict {
  return { severity: 'error', message: sentence(message), field };
}

/** What a server says of a Secret may quote its values. */
function withoutQuotes({ severity, field, message }: Verdict): Verdict {
  const where = field === '' ? 'the Secret' : field;
  const isSaid =
    /^(?:You may not|The webhook|The server does not know|The quota|The namespace)/.test(message);
  return { severity, field, message: isSaid ? message : `The server refuses ${where}.` };
}

function forbidden(text: string): readonly Verdict[] | undefined {
  const [, verb = '', plural = '', group = '', namespace = ''] = notAllowed.exec(text) ?? [];
  if (verb === '') return undefined;
  const resource = group === '' ? plural : `${plural}.${group}`;
  const where = namespace === '' ? '' : ` in the namespace ${namespace}`;
  return [refusal('', `You may not ${verb} ${resource}${where}. Ask for a role that allows it`)];
}

function unanswered(text: string): readonly Verdict[] | undefined {
  const name = webhookDown.exec(text)?.[1];
  if (name === undefined) return undefined;
  const why = /deadline exceeded|Client\.Timeout|i\/o timeout/.test(text)
    ? 'does not answer in time'
    : 'cannot be reached';
  return [
    refusal('', `The webhook ${name} ${why}, and without it the server takes nothing of this kind`),
  ];
}

/** A webhook with side effects is not asked in a dry run, which is refused then. */
function withoutDryRun(text: string): readonly Verdict[] | undefined {
  const name = noDryRun.exec(text)?.[1];
  if (name === undefined) return undefined;
  return [
    refusal(
      '',
      `The webhook ${name} takes no dry runs, so that this cannot be reviewed. Its sideEffects must be None for that`,
    ),
  ];
}

function overQuota(text: string): readonly Verdict[] | undefined {
  const [, name = '', requested = '', used = '', limited = ''] = quota.exec(text) ?? [];
  if (name === '') return undefined;
  return [
    refusal(
      '',
      `The quota ${name} leaves no room: it asks for ${requested}, used is ${used} of ${limited}`,
    ),
  ];
}

function inGoingNamespace(text: string): readonly Verdict[] | undefined {
  const name = terminating.exec(text)?.[1];
  if (name === undefined) return undefined;
  return [
    refusal(
      '',
      `The namespace ${name} is being deleted. Wait until it is gone and create it again`,
    ),
  ];
}

function inNoNamespace(
  { reason }: KubeError,
  text: string,
  { namespace }: ObjectReference,
): readonly Verdict[] | undefined {
  const name = /^namespaces "([^"]*)" not found/.exec(text)?.[1];
  if (reason !== 'notFound' || name === undefined || name !== namespace) return undefined;
  return [
    refusal(
      '',
      `The namespace ${name} does not exist on the control plane. Push a Namespace together with this object, or create it first`,
    ),
  ];
}

function schemaVerdicts(text: string): readonly Verdict[] | undefined {
  const said = typedObject.exec(text)?.[1];
  if (said === undefined) return undefined;
  const lines = said.replace(/^errors:\s*/, '').split('\n');
  const found = lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [, field = '', why = line] = /^\.?(\S+?): ([^]*)$/.exec(line) ?? [];
      return unknownField.test(why)
        ? refusal(field, `The server does not know the field ${field}`)
        : refusal(field, `${field}: ${why.replace(/, got &[^]*$/, '')}`);
    });
  return found.length === 0 ? undefined : found;
}

function strictVerdicts(text: string): readonly Verdict[] | undefined {
  const said = strict.exec(text)?.[1];
  if (said === undefined) return undefined;
  const found = [...said.matchAll(/(unknown|duplicate) field "([^"]*)"/g)].map(
    ([, what, field = '']) =>
      refusal(
        field,
        what === 'unknown'
          ? `The server does not know the field ${field}`
          : `The field ${field} is there twice`,
      ),
  );
  return found.length === 0 ? undefined : found;
}

/** Karmada's webhooks list what is wrong as `[FIELD: WHY, FIELD: WHY]`, one alone without brackets. */
function deniedVerdicts(text: string): readonly Verdict[] | undefined {
  const [, webhook = '', said = ''] = denied.exec(text) ?? [];
  if (webhook === '') return undefined;
  const inside = said.replace(/^\[([^]*)\]$/, '$1');
  const starts = [...inside.matchAll(fieldAtStart)].map((match) => ({
    field: match[1] ?? '',
    at: match.index + match[0].indexOf(match[1] ?? ''),
    from: match.index,
  }));
  if (starts.length === 0) {
    const why = inside === '' ? 'and does not say why' : `: ${inside}`;
    return [refusal('', `${webhook} refuses it${why.startsWith(':') ? why : ` ${why}`}`)];
  }
  return starts.map(({ field, at }, i) =>
    refusal(field, `${webhook} refuses ${inside.slice(at, starts[i + 1]?.from)}`),
  );
}

function causeVerdicts({ causes }: KubeError): readonly Verdict[] | undefined {
  const seen = new Map(
    causes.map(({ field: named, message }) => {
      // Of the object as a whole.
      const field = named === '<nil>' || named === '[]' ? '' : named.replace(/^\./, '');
      return [
        `${field}\n${message}`,
        refusal(field, field === '' ? message : `${named}: ${message}`),
      ];
    }),
  );
  return seen.size === 0 ? undefined : [...seen.values()];
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
