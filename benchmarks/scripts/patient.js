// The patient of the benchmark on k6.
import http from 'k6/http';
import { check } from 'k6';
import exec from 'k6/execution';

const mix = JSON.parse(open(__ENV.MIX));
const visits = mix.visits.flatMap((visit) => Array(visit.weight).fill(visit));
const headers = { 'Content-Type': 'application/json' };
let signed = null;

const arrivals = {
  executor: 'constant-arrival-rate',
  rate: Number(__ENV.RATE),
  duration: __ENV.SECONDS,
  preAllocatedVUs: Number(__ENV.USERS),
};

export const options = {
  insecureSkipTLSVerify: true,
  ...(arrivals.rate > 0 ? { scenarios: { arrivals } } : {}),
};

function signIn() {
  const body = JSON.stringify({ username: 'clinic', password: 'x' });
  const token = http.post(`${__ENV.HOST}/api/auth/login`, body, { headers }).json('token');
  signed = { Authorization: `Bearer ${token}` };
}

export default function () {
  if (signed === null) signIn();
  const visit = visits[Math.floor(Math.random() * visits.length)];
  const response = http.get(`${__ENV.HOST}${visit.target}`, { headers: signed, tags: { name: visit.name } });
  const right = check(response, {
    'the answer is right': (r) => {
      if (r.status !== 200) return false;
      const answer = JSON.parse(r.body);
      return visit.owner === null || answer.data.every((row) => row[visit.owner] === mix.own_id);
    },
  });
  if (!right) exec.test.abort('a wrong answer');
}
