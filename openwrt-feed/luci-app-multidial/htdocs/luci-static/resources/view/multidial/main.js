// The LuCI view: LuCI evaluates it as a function of its own, so the page itself is a module that is imported and mounted.
'use strict';
'require view';

return view.extend({
	load: function() {
		var version = L.env.resource_version ? '?v=%s'.format(L.env.resource_version) : '';
		return import(new URL(L.resource('multidial/multidial.js') + version, location.href).href);
	},

	render: function(page) {
		var node = E('div');
		// After LuCI has put the node into the document.
		requestAnimationFrame(function() {
			page.mount(node, { ubusPath: L.env.ubuspath || '/ubus/', session: L.env.sessionid });
		});
		return node;
	},

	handleSave: null,
	handleSaveApply: null,
	handleReset: null
});
