import type { KubeUser } from './kubeconfig.ts';

/** What says on a request who asks. */
export type Identity =
  'tokenFile' | 'token' | 'password' | 'exec' | 'authProvider' | 'certificate' | 'none';

/**
 * Which of a user's credentials holds where there are several, as in client-go's `transport/round_trippers.go` and
 * `plugin/pkg/client/auth/exec`: a token before a user name, whose password alone is nothing; an exec plugin only where
 * there is nothing else, not even a client certificate. A certificate is shown to the server besides any of them.
 */
export function identityOf(user: KubeUser): Identity {
  const hasCertificate = user.clientCertificate !== '' || user.clientCertificateData !== '';
  if (user.tokenFile !== '') return 'tokenFile';
  if (user.token !== '') return 'token';
  if (user.username !== '') return 'password';
  if (user.exec && !hasCertificate) return 'exec';
  if (user.authProvider) return 'authProvider';
  return hasCertificate ? 'certificate' : 'none';
}
