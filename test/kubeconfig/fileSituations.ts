import type { EchoServers } from './echoServers.ts';
import { base64, config, fails, seen } from './situation.ts';
import type { Situation } from './situation.ts';

/** Which files are read, how they merge, and what contexts name. */
export function fileSituations(servers: EchoServers): readonly Situation[] {
  const trusted = { 'certificate-authority-data': base64(servers.ca) };
  const one = { server: servers.one, ...trusted };
  const two = { server: servers.two, ...trusted };
  const user = { token: 'first' };
  const plain = config({ cluster: one, user });
  const unnamed = { clusters: [], users: [], contexts: [] };
  const noServer = /localhost:8080/;
  return [
    {
      name: 'one file',
      files: { config: plain },
      result: seen({ server: 'one', path: '/version', authorization: 'Bearer first' }),
    },
    {
      name: 'a given file wins over KUBECONFIG',
      files: { config: plain, given: config({ cluster: two, user: { token: 'given' } }) },
      given: 'given',
      result: seen({ server: 'two', authorization: 'Bearer given' }),
    },
    {
      name: 'the home folder without KUBECONFIG',
      files: { '.kube/config': plain },
      list: [],
      result: seen({ server: 'one' }),
    },
    {
      name: 'two files, each with half of it',
      files: {
        a: config({ cluster: one, more: { users: [], contexts: [], 'current-context': '' } }),
        b: config({ user, more: { clusters: [] } }),
      },
      list: ['a', 'b'],
      result: seen({ server: 'one', authorization: 'Bearer first' }),
    },
    {
      name: 'a cluster in both files: the first wins whole',
      files: {
        a: config({ cluster: one, user, more: { users: [] } }),
        b: config({ cluster: { ...two, 'tls-server-name': 'api.test' }, user }),
      },
      list: ['a', 'b'],
      result: seen({ server: 'one', sni: '' }),
    },
    {
      name: 'a user in both files: the first wins whole',
      files: {
        a: config({ cluster: one, user }),
        b: config({ cluster: one, user: { as: 'other', token: 'second' } }),
      },
      list: ['a', 'b'],
      result: seen({ authorization: 'Bearer first', impersonates: [] }),
    },
    {
      name: 'a context in both files: the first wins',
      files: {
        a: config({ cluster: one, user }),
        b: config({
          more: { ...unnamed, contexts: [{ name: 'main', context: { cluster: 'x' } }] },
        }),
      },
      list: ['a', 'b'],
      result: seen({ server: 'one' }),
    },
    {
      name: 'a missing file in the list is skipped',
      files: { config: plain },
      list: ['nowhere', 'config'],
      result: seen({ server: 'one' }),
    },
    {
      name: 'an empty entry in the list is skipped',
      files: { config: plain },
      list: ['', 'config', ''],
      result: seen({ server: 'one' }),
    },
    {
      name: 'an empty file in the list',
      files: { empty: '', comment: '# nothing\n', config: plain },
      list: ['empty', 'comment', 'config'],
      result: seen({ server: 'one' }),
    },
    {
      name: 'only missing files',
      files: {},
      list: ['nowhere', 'neither'],
      result: fails(noServer, 'kubeconfig', /^None of the kubeconfigs is there: /),
    },
    {
      name: 'a given file that is missing',
      files: { config: plain },
      given: 'nowhere',
      result: fails(/nowhere: no such file/, 'kubeconfig', /nowhere is not there/),
    },
    {
      name: 'a folder in the place of a file',
      files: { 'folder/config': plain, config: plain },
      list: ['folder', 'config'],
      result: fails(/folder.*is a directory/, 'kubeconfig', /folder cannot be read: EISDIR/),
    },
    {
      name: 'the current context in the second file',
      files: {
        a: config({ cluster: two, user, more: { 'current-context': '' } }),
        b: config({ more: { ...unnamed, 'current-context': 'main' } }),
      },
      list: ['a', 'b'],
      result: seen({ server: 'two' }),
    },
    {
      name: 'two current contexts: the first wins',
      files: {
        a: plain,
        b: config({ more: { ...unnamed, 'current-context': 'other' } }),
      },
      list: ['a', 'b'],
      result: seen({ server: 'one' }),
    },
    {
      name: 'no current context',
      files: { config: config({ cluster: one, user, more: { 'current-context': '' } }) },
      result: fails(noServer, 'kubeconfig', /has no current context/),
    },
    {
      name: 'a current context that is not there',
      files: { config: config({ cluster: one, user, more: { 'current-context': 'gone' } }) },
      result: fails(/context was not found.*: gone/, 'kubeconfig', /has no context “gone”/),
    },
    {
      name: 'a given context that is not there',
      files: { config: plain },
      context: 'gone',
      result: fails(/context "gone" does not exist/, 'kubeconfig', /has no context “gone”/),
    },
    {
      name: 'a context without user',
      files: { config: config({ cluster: one, user, context: { user: '' } }) },
      result: fails(/enter Username/, 'kubeconfig', /Context “main” names no user/),
    },
    {
      name: 'a context whose user is not there',
      files: { config: config({ cluster: one, user, context: { user: 'gone' } }) },
      result: fails(/enter Username/, 'kubeconfig', /names the user “gone”, which is not there/),
    },
    {
      name: 'a context whose cluster is not there',
      files: { config: config({ cluster: one, user, context: { cluster: 'gone' } }) },
      result: fails(noServer, 'kubeconfig', /names the cluster “gone”, which is not there/),
    },
    {
      name: 'a cluster without server',
      files: { config: config({ cluster: { 'insecure-skip-tls-verify': true }, user }) },
      result: fails(noServer, 'kubeconfig', /Cluster “main” has no server/),
    },
    {
      name: 'a namespace, which makes no difference to other paths',
      files: { config: config({ cluster: one, user, context: { namespace: 'elsewhere' } }) },
      result: seen({ server: 'one', path: '/version' }),
    },
    {
      name: 'YAML with unknown fields, anchors and comments',
      files: {
        config: `# mine
kind: Config
preferences: {colors: true}
unknown: [1, {a: b}]
clusters:
- name: &name main
  cluster:
    server: ${servers.one}
    certificate-authority-data: ${base64(servers.ca)}
    colour: red
contexts:
- name: *name
  context: {cluster: *name, user: *name}
current-context: main
users:
- name: *name
  user:
    token: "first"
`,
      },
      result: seen({ server: 'one', authorization: 'Bearer first' }),
    },
    {
      name: 'YAML that is none',
      files: { config: 'clusters: [{', other: plain },
      list: ['config', 'other'],
      result: fails(
        /error loading config file ".*config": yaml: line 1/,
        'kubeconfig',
        /config cannot be read: yaml: /,
      ),
    },
    {
      name: 'a number in the place of a text',
      files: { config: config({ cluster: one, user: { token: 7 } }) },
      result: fails(
        /cannot unmarshal number.*token/,
        'kubeconfig',
        /config cannot be read: .*token must be a text, not a number/,
      ),
    },
    {
      name: 'a file that is a plain text',
      files: { config: 'hello' },
      result: fails(
        /cannot unmarshal string/,
        'kubeconfig',
        /the file must be a mapping, not a text/,
      ),
    },
    {
      name: 'a file of another kind',
      files: { config: 'apiVersion: v1\nkind: Pod\n' },
      result: fails(/no kind "Pod"/, 'kubeconfig', /its kind is Pod/),
    },
    {
      name: 'a name twice in one file',
      files: {
        config: config({
          cluster: one,
          user,
          more: {
            users: [
              { name: 'main', user },
              { name: 'main', user },
            ],
          },
        }),
      },
      result: fails(/duplicate name "main"/, 'kubeconfig', /users has the name “main” twice/),
    },
    {
      name: 'data that are not base64',
      files: { config: config({ cluster: { ...one, 'certificate-authority-data': 'a b' }, user }) },
      result: fails(/illegal base64/, 'kubeconfig', /certificate-authority-data is not base64/),
    },
  ];
}
