// A section of LuCI's Status → Overview: how many links carry traffic, what each of them does, and the way to the page.
'use strict';
'require rpc';

var askStatus = rpc.declare({ object: 'multidial', method: 'status' });
// A shape and a word for each state. LuCI has one table of words for all its pages: in this context they are ours.
var marks = {
	up: [ '●', _('up', 'multidial') ],
	dialing: [ '◔', _('dialing', 'multidial') ],
	down: [ '○', _('down', 'multidial') ],
	failed: [ '✕', _('failed', 'multidial') ],
	absent: [ '◌', _('absent', 'multidial') ],
	waits: [ '▲', _('waits', 'multidial') ],
	silent: [ '▲', _('no answer', 'multidial') ],
	paused: [ '■', _('paused', 'multidial') ],
	drains: [ '◒', _('drains', 'multidial') ]
};
var isRefused = false, isShown = false, before = null;

function carries(link) {
	return link.balanced.ipv4 || link.balanced.ipv6;
}

function markOf(link) {
	var probe = link.probe || {};
	if (link.held) return marks.waits;
	if (link.state != 'up') return marks[link.state] || [ '◌', link.state ];
	if (probe.ipv4 == 'dead' || probe.ipv6 == 'dead') return marks.silent;
	return link.rest ? (link.rest.kind == 'pause' ? marks.paused : marks.drains) : marks.up;
}

// A counter that fell began anew: its link was dialed again.
function rateOf(status, counter) {
	var ms = before ? status.atMs - before.atMs : 0, bytes = 0;
	status.links.forEach(function(link) {
		var grown = ms > 0 ? link[counter] - before.bytes[link.name + counter] : 0;
		if (grown > 0) bytes += grown;
	});
	return ms > 0 ? '%s Mbit/s'.format((bytes * 8 / ms / 1000).toFixed(1)) : '–';
}

// LuCI takes a bare string for HTML, so every text stands in an array.
function rowOf(link) {
	var mark = markOf(link);
	return E('tr', { 'class': 'tr' }, [
		E('td', { 'class': 'td left', 'width': '33%', 'style': 'overflow-wrap:anywhere' }, [ link.name ]),
		E('td', { 'class': 'td left' }, [ E('span', { 'aria-hidden': 'true' }, [ mark[0] + ' ' ]), mark[1] ]),
		E('td', { 'class': 'td left' }, [ carries(link) ? _('carries traffic', 'multidial') : '–' ])
	]);
}

// Of 'baseclass' LuCI knows since 21.02, of L.Class always.
return L.Class.extend({
	title: 'Multidial',

	// Resolves whatever happens: some versions of the overview fail at a rejection, others never ask again.
	load: function() {
		return isRefused ? Promise.resolve() : askStatus().catch(function(error) {
			// No rights, or no agent: that stays so, and LuCI looks after its session at every refusal.
			isRefused = /-3200[02]/.test(error && error.message);
		});
	},

	render: function(status) {
		if (!status || !Array.isArray(status.links)) return null;
		var links = status.links;
		if (!links.length) return isShown ? [ _('No line is set up yet.', 'multidial') ] : null;
		var down = rateOf(status, 'rxBytes'), up = rateOf(status, 'txBytes');
		before = { atMs: status.atMs, bytes: {} };
		links.forEach(function(link) {
			before.bytes[link.name + 'rxBytes'] = link.rxBytes;
			before.bytes[link.name + 'txBytes'] = link.txBytes;
		});
		isShown = true;
		return [
			E('p', [
				_('{carrying} of {all} links carry traffic.', 'multidial').replace('{carrying}', links.filter(carries).length).replace('{all}', links.length),
				' ', E('span', { 'style': 'white-space:nowrap' }, [ '↓ %s ↑ %s'.format(down, up) ])
			]),
			E('table', { 'class': 'table' }, links.map(rowOf)),
			E('a', { 'class': 'btn cbi-button', 'href': L.url('admin/network/multidial') }, [ _('Details', 'multidial') ])
		];
	}
});
