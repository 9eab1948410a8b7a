import type { AdviceRow } from './adviceRow.ts';

const source = ['ArtifactFailed', 'SourceNotReady', 'FetchFailed', 'IndexationFailed', 'Failed'];
const helmAction = [
  'InstallFailed',
  'UpgradeFailed',
  'RollbackFailed',
  'UninstallFailed',
  'TestFailed',
  'ReconciliationFailed',
];

/** What Flux's conditions on a member mean, those that look at the message first. */
export const fluxAdvice: readonly AdviceRow[] = [
  {
    reasons: ['DependencyNotReady'],
    pattern: /dependency '?([^\s']+)'? is not ready/,
    meaning: 'It waits for the release $1, which is not ready on the same cluster.',
    action: 'Look why $1 is not ready there.',
  },
  {
    reasons: ['DependencyNotReady'],
    pattern: /([\w-]+\/[\w.-]+).*not found/,
    meaning: 'It waits for the release $1, which does not exist on the cluster.',
    action: 'Propagate $1 to the same clusters.',
  },
  {
    reasons: ['DependencyNotReady'],
    meaning: 'A release that it depends on is not ready on the same cluster.',
    action: 'Look at the releases in spec.dependsOn.',
  },
  {
    reasons: [...source, 'InvalidChartReference'],
    pattern: /failed to get chart version|no chart version found|no chart name found/,
    meaning: 'The repository has no chart of this name and version.',
    action: 'Correct spec.chart.spec.chart or version, or publish the chart.',
  },
  {
    reasons: source,
    pattern: /latest generation of object has not been reconciled/,
    meaning: 'Flux on the cluster has not fetched the chart yet.',
    action: 'Wait; if it stays, look at source-controller on the cluster.',
  },
  {
    reasons: source,
    pattern: /(\w+)\.source\.toolkit\.fluxcd\.io "?([\w.-]+)"? not found/,
    meaning: 'The source $2 ($1) that the release names is not on the cluster.',
    action: 'Propagate the source to the same clusters, in the namespace that the release names.',
  },
  {
    reasons: source,
    pattern: /artifact not found|Source not ready|no artifact/,
    meaning: 'The source of the chart has no artifact yet.',
    action: 'Look at the source on the cluster: its URL and credentials.',
  },
  {
    reasons: ['ChartPullError', 'ChartVerificationError', 'AuthenticationFailed', 'URLInvalid'],
    meaning: 'Flux on the cluster cannot fetch from the source.',
    action: 'Look at the URL, the credentials and the Secret that it names on the cluster.',
  },
  {
    reasons: ['InvalidChartReference', 'ValuesFilesError', 'DependencyBuildError'],
    meaning: 'The chart cannot be built as it is written.',
    action: 'Correct spec.chart.spec, or the chart.',
  },
  {
    reasons: ['ArtifactFailed', 'SourceNotReady'],
    meaning: 'Flux on the cluster has no chart to work with.',
    action: 'Look at the source and the HelmChart on the cluster.',
  },
  {
    reasons: ['ValuesError'],
    pattern: /resolve (\w+) chart values reference '?([^\s']+)'?.*not found/,
    meaning: 'The $1 $2 in spec.valuesFrom is not on the cluster.',
    action:
      'Propagate the $1 to the same clusters, or mark the reference optional. propagateDeps does not find it for HelmRelease v2.',
  },
  {
    reasons: ['ValuesError'],
    meaning: 'The values cannot be put together on the cluster.',
    action: 'Look at spec.valuesFrom and the ConfigMaps and Secrets that it names there.',
  },
  {
    reasons: ['AccessDenied'],
    meaning: 'Flux on the cluster does not allow references to other namespaces.',
    action: 'Put the source into the namespace of the release, or allow it in Flux there.',
  },
  {
    reasons: ['InvalidCELExpression'],
    meaning: 'An expression in spec.dependsOn or spec.healthCheckExprs is wrong.',
    action: 'Correct the expression; Flux does not try again before.',
  },
  {
    reasons: ['RetriesExceeded'],
    pattern: /Failed to (\w+) after (\d+) attempt/,
    meaning: 'Helm failed to $1 $2 times, and Flux does not try any more.',
    action:
      'Mend the cause and change the release, or Reconcile Now with reset; spec.install and spec.upgrade set the retries.',
  },
  {
    reasons: ['RetriesExceeded'],
    meaning: 'Flux does not try any more.',
    action: 'Mend the cause and change the release, or reconcile with reset.',
  },
  {
    reasons: ['MissingRollbackTarget'],
    meaning: 'An upgrade failed and there is no earlier release to go back to.',
    action: 'Mend the cause and change the release.',
  },
  {
    reasons: helmAction,
    pattern: /cannot re-use a name that is still in use/,
    meaning: 'Helm already has a release of this name on the cluster.',
    action: 'Uninstall it there, or set another spec.releaseName.',
  },
  {
    reasons: helmAction,
    pattern: /another operation \(install\/upgrade\/rollback\) is in progress/,
    meaning: 'Helm holds an operation that was broken off.',
    action: 'Reconcile with force, or roll the release back on the cluster.',
  },
  {
    reasons: helmAction,
    pattern: /exists and cannot be imported into the current release|invalid ownership metadata/,
    meaning:
      'An object of the chart exists on the cluster and belongs to nobody or to another release.',
    action: 'Delete it there, or have Helm take it over.',
  },
  {
    reasons: helmAction,
    pattern: /no matches for kind "?(\w+)"? in version "?([\w./-]+)"?/,
    meaning: 'The chart needs the kind $1 of $2, which the cluster does not have.',
    action: 'Install that CRD on the cluster first (spec.dependsOn).',
  },
  {
    reasons: helmAction,
    pattern: /kubeVersion: (\S+) which is incompatible with Kubernetes (\S+)/,
    meaning: 'The chart wants Kubernetes $1, the cluster is $2.',
    action: 'Take another version of the chart for this cluster, by an override.',
  },
  {
    reasons: helmAction,
    pattern: /values don't meet the specifications of the schema/,
    meaning: "The values do not fit the chart's schema.",
    action: 'Correct spec.values, or the override that sets them for this cluster.',
  },
  {
    reasons: ['UpgradeFailed'],
    pattern: /field is immutable/,
    meaning: 'The upgrade changes a field that cannot change.',
    action: 'Set spec.upgrade.force, or uninstall the release on the cluster first.',
  },
  {
    reasons: helmAction,
    pattern: /context deadline exceeded|timed out waiting|not ready|InProgress/,
    meaning: "Helm waited for the chart's workloads until the time-out; they did not become ready.",
    action: "Look at the release's pods on the cluster, or raise spec.timeout.",
  },
  {
    reasons: ['InstallFailed'],
    meaning: 'Helm could not install the chart.',
    action: 'Read the message; mend the values or the cluster.',
  },
  {
    reasons: ['UpgradeFailed', 'ReconciliationFailed'],
    meaning: 'Helm could not upgrade the release.',
    action: 'Read the message; mend the values or the cluster.',
  },
  {
    reasons: ['RollbackSucceeded', 'UninstallSucceeded'],
    meaning: 'The last change failed, and Flux went back to what was before.',
    action: 'Mend the cause and change the release.',
  },
  {
    reasons: ['RollbackFailed', 'UninstallFailed'],
    meaning: 'The last change failed, and going back failed too.',
    action: 'Look at the release on the cluster by hand.',
  },
  {
    reasons: ['TestFailed'],
    meaning: "The chart's tests failed on the cluster.",
    action: "Look at the test's pods, or set spec.test.ignoreFailures.",
  },
  {
    reasons: ['DriftDetected'],
    meaning: "Somebody changed the chart's objects on the cluster.",
    action: 'Change the release instead, or leave those fields out of spec.driftDetection.',
  },
  {
    reasons: ['RESTClientError', 'ResourceManagerError', 'FactoryError', 'ConfigFactoryErr'],
    meaning: 'Flux cannot work on the cluster that the release names.',
    action: 'Look at spec.kubeConfig and spec.serviceAccountName on the cluster.',
  },
  {
    reasons: ['StateError'],
    meaning: 'Flux cannot read what Helm stored about the release.',
    action: 'Look at the Secrets sh.helm.release.v1.… on the cluster.',
  },
  {
    reasons: ['ChartMutateError'],
    meaning: 'The chart cannot be changed as the release wants.',
    action: 'Look at spec.postRenderers and at the digest of the chart.',
  },
  {
    reasons: ['HealthCheckCanceled'],
    meaning: 'A newer change came before the last one was ready.',
    action: 'Wait for the newer one.',
  },
  {
    reasons: ['Progressing', 'ProgressingWithRetry'],
    meaning: 'Flux is at work.',
    action: 'Wait.',
  },
];

/** Causes that a message names, whoever reports them. Looked at after the tables above. */
export const causeAdvice: readonly AdviceRow[] = [
  {
    pattern: /request is too large|Request entity too large|larger than max/,
    meaning: 'The object is larger than etcd accepts.',
    action: 'Make it smaller: fewer clusters in one binding, or less in spec.values.',
  },
  {
    pattern: /x509:|certificate (?:signed by|has expired|is not)/,
    meaning: 'The certificate is not trusted.',
    action: 'Look at the certificate and at the CA that is configured for it.',
  },
  {
    pattern: /\bis forbidden\b|\b403\b/,
    meaning: 'A right is missing.',
    action: 'Give the right that the message names.',
  },
  {
    pattern: /\bUnauthorized\b|\b401\b|authentication required/,
    meaning: 'The credentials are not accepted.',
    action: 'Renew the credentials.',
  },
  {
    pattern: /connection refused|no such host|i\/o timeout|TLS handshake|network is unreachable/,
    meaning: 'The server does not answer.',
    action: 'Look at the address and at the network between.',
  },
  {
    pattern: /context deadline exceeded|Client\.Timeout/,
    meaning: 'It took too long.',
    action: 'It is tried again; look at the server when it stays so.',
  },
];
