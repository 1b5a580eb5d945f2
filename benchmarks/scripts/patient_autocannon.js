// The patient of the benchmark on autocannon, by its programmatic interface, which can look at answers.
const fs = require('node:fs');
const [library, ...limits] = process.argv.slice(2);
const autocannon = require(library);

const mix = JSON.parse(fs.readFileSync(process.env.MIX, 'utf8'));
const visits = mix.visits.flatMap((visit) => Array(visit.weight).fill(visit));
const [connections, duration] = limits.map(Number);

function isRight(status, body, visit) {
  if (status !== 200) return false;
  const answer = JSON.parse(body);
  return visit.owner === null || answer.data.every((row) => row[visit.owner] === mix.own_id);
}

async function main() {
  const login = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
  const body = JSON.stringify({ username: 'clinic', password: 'x' });
  const { token } = await (await fetch(`${process.env.HOST}/api/auth/login`, { ...login, body })).json();
  const requests = [{
    method: 'GET',
    setupRequest(request, context) {
      context.visit = visits[Math.floor(Math.random() * visits.length)];
      return { ...request, path: context.visit.target, headers: { Authorization: `Bearer ${token}` } };
    },
    onResponse(status, answer, context) {
      if (!isRight(status, answer, context.visit)) {
        console.error('a wrong answer');
        process.exit(1);
      }
    },
  }];
  const options = { url: process.env.HOST, connections, duration, requests };
  const run = autocannon(options, (error) => process.exit(error ? 1 : 0));
  process.once('SIGINT', () => run.stop());
}

if (process.env.HOST.startsWith('https:')) process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
main();
