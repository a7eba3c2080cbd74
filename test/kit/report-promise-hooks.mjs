// Loaded before a service: at each SIGUSR2 it says on stderr what Node notes on each promise. That is something as long as
// anything in the process has promises watched, as an AsyncLocalStorage does before Node 24.
let report = 0;
process.on('SIGUSR2', () => {
  const notes = Object.getOwnPropertySymbols(Promise.resolve().then(() => {})).map(String);
  process.stderr.write(`notes ${++report}: [${notes}]\n`);
});
