// Installs the peers, unless they are there: tsx bench/install.ts
// (The override in their package.json leaves out PostGraphile's page for browsers, 260 MB, which is not shown here.)
import { installIn } from '../test/kit/install.ts';

installIn(import.meta.dirname, 'the peers that the service is measured beside');
