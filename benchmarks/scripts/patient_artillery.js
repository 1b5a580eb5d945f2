// The patient of the benchmark on Artillery: what its scenario calls before and after each request.
const fs = require('node:fs');

const mix = JSON.parse(fs.readFileSync(process.env.MIX, 'utf8'));
const visits = mix.visits.flatMap((visit) => Array(visit.weight).fill(visit));
const began = Date.now();

function pickAVisit(request, context, events, done) {
  const visit = visits[Math.floor(Math.random() * visits.length)];
  context.vars.visit = visit;
  request.url = `${process.env.HOST}${visit.target}`;
  request.headers = { Authorization: `Bearer ${context.vars.token}` };
  return done();
}

function checkTheAnswer(request, response, context, events, done) {
  const { visit } = context.vars;
  const answer = response.statusCode === 200 ? JSON.parse(response.body) : null;
  const right = answer !== null && (visit.owner === null || answer.data.every((row) => row[visit.owner] === mix.own_id));
  if (right) return done();
  console.error('a wrong answer');
  return process.kill(process.pid, 'SIGKILL');
}

function goesOn(context, done) {
  return done(Date.now() - began < 1000 * context.vars.seconds);
}

module.exports = { pickAVisit, checkTheAnswer, goesOn };
