#!/usr/bin/env node
'use strict';
// The entry of the program. It is written so that any version of Node can parse it: an old one is told what is missing in a
// sentence, not by a SyntaxError of what comes after.

var major = Number(process.versions.node.split('.')[0]);
var minor = Number(process.versions.node.split('.')[1]);

// As `engines` in package.json.
if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24) {
  require('./start.cjs');
} else {
  process.stderr.write(
    'Modelgate needs Node 20.19, 22.12, 24 or newer; this is Node ' +
      process.versions.node +
      '. Install one from nodejs.org.\n',
  );
  process.exitCode = 1;
}
