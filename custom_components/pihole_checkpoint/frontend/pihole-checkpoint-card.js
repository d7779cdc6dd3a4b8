/**
 * @license
 * Copyright 2019 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var ke=globalThis,xe=ke.ShadowRoot&&(ke.ShadyCSS===void 0||ke.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Ke=Symbol(),It=new WeakMap,ce=class{constructor(e,t,s){if(this._$cssResult$=!0,s!==Ke)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(xe&&e===void 0){let s=t!==void 0&&t.length===1;s&&(e=It.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),s&&It.set(t,e))}return e}toString(){return this.cssText}},Bt=n=>new ce(typeof n=="string"?n:n+"",void 0,Ke),f=(n,...e)=>{let t=n.length===1?n[0]:e.reduce((s,i,r)=>s+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(i)+n[r+1],n[0]);return new ce(t,n,Ke)},Lt=(n,e)=>{if(xe)n.adoptedStyleSheets=e.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);else for(let t of e){let s=document.createElement("style"),i=ke.litNonce;i!==void 0&&s.setAttribute("nonce",i),s.textContent=t.cssText,n.appendChild(s)}},Ye=xe?n=>n:n=>n instanceof CSSStyleSheet?(e=>{let t="";for(let s of e.cssRules)t+=s.cssText;return Bt(t)})(n):n;/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var{is:zs,defineProperty:Us,getOwnPropertyDescriptor:Vs,getOwnPropertyNames:Ws,getOwnPropertySymbols:js,getPrototypeOf:Fs}=Object,Te=globalThis,Mt=Te.trustedTypes,Gs=Mt?Mt.emptyScript:"",qs=Te.reactiveElementPolyfillSupport,de=(n,e)=>n,Je={toAttribute(n,e){switch(e){case Boolean:n=n?Gs:null;break;case Object:case Array:n=n==null?n:JSON.stringify(n)}return n},fromAttribute(n,e){let t=n;switch(e){case Boolean:t=n!==null;break;case Number:t=n===null?null:Number(n);break;case Object:case Array:try{t=JSON.parse(n)}catch{t=null}}return t}},Dt=(n,e)=>!zs(n,e),Nt={attribute:!0,type:String,converter:Je,reflect:!1,useDefault:!1,hasChanged:Dt};Symbol.metadata??=Symbol("metadata"),Te.litPropertyMetadata??=new WeakMap;var O=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=Nt){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let s=Symbol(),i=this.getPropertyDescriptor(e,s,t);i!==void 0&&Us(this.prototype,e,i)}}static getPropertyDescriptor(e,t,s){let{get:i,set:r}=Vs(this.prototype,e)??{get(){return this[t]},set(o){this[t]=o}};return{get:i,set(o){let c=i?.call(this);r?.call(this,o),this.requestUpdate(e,c,s)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??Nt}static _$Ei(){if(this.hasOwnProperty(de("elementProperties")))return;let e=Fs(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(de("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(de("properties"))){let t=this.properties,s=[...Ws(t),...js(t)];for(let i of s)this.createProperty(i,t[i])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[s,i]of t)this.elementProperties.set(s,i)}this._$Eh=new Map;for(let[t,s]of this.elementProperties){let i=this._$Eu(t,s);i!==void 0&&this._$Eh.set(i,t)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let s=new Set(e.flat(1/0).reverse());for(let i of s)t.unshift(Ye(i))}else e!==void 0&&t.push(Ye(e));return t}static _$Eu(e,t){let s=t.attribute;return s===!1?void 0:typeof s=="string"?s:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let s of t.keys())this.hasOwnProperty(s)&&(e.set(s,this[s]),delete this[s]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Lt(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,s){this._$AK(e,s)}_$ET(e,t){let s=this.constructor.elementProperties.get(e),i=this.constructor._$Eu(e,s);if(i!==void 0&&s.reflect===!0){let r=(s.converter?.toAttribute!==void 0?s.converter:Je).toAttribute(t,s.type);this._$Em=e,r==null?this.removeAttribute(i):this.setAttribute(i,r),this._$Em=null}}_$AK(e,t){let s=this.constructor,i=s._$Eh.get(e);if(i!==void 0&&this._$Em!==i){let r=s.getPropertyOptions(i),o=typeof r.converter=="function"?{fromAttribute:r.converter}:r.converter?.fromAttribute!==void 0?r.converter:Je;this._$Em=i;let c=o.fromAttribute(t,r.type);this[i]=c??this._$Ej?.get(i)??c,this._$Em=null}}requestUpdate(e,t,s,i=!1,r){if(e!==void 0){let o=this.constructor;if(i===!1&&(r=this[e]),s??=o.getPropertyOptions(e),!((s.hasChanged??Dt)(r,t)||s.useDefault&&s.reflect&&r===this._$Ej?.get(e)&&!this.hasAttribute(o._$Eu(e,s))))return;this.C(e,t,s)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,t,{useDefault:s,reflect:i,wrapped:r},o){s&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,o??t??this[e]),r!==!0||o!==void 0)||(this._$AL.has(e)||(this.hasUpdated||s||(t=void 0),this._$AL.set(e,t)),i===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(t){Promise.reject(t)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[i,r]of this._$Ep)this[i]=r;this._$Ep=void 0}let s=this.constructor.elementProperties;if(s.size>0)for(let[i,r]of s){let{wrapped:o}=r,c=this[i];o!==!0||this._$AL.has(i)||c===void 0||this.C(i,void 0,r,c)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(s=>s.hostUpdate?.()),this.update(t)):this._$EM()}catch(s){throw e=!1,this._$EM(),s}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(t=>t.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),this._$EM()}updated(e){}firstUpdated(e){}};O.elementStyles=[],O.shadowRootOptions={mode:"open"},O[de("elementProperties")]=new Map,O[de("finalized")]=new Map,qs?.({ReactiveElement:O}),(Te.reactiveElementVersions??=[]).push("2.1.2");/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var Ze=globalThis,Ht=n=>n,Se=Ze.trustedTypes,zt=Se?Se.createPolicy("lit-html",{createHTML:n=>n}):void 0,Qe="$lit$",I=`lit$${Math.random().toFixed(9).slice(2)}$`,et="?"+I,Ks=`<${et}>`,U=document,he=()=>U.createComment(""),ue=n=>n===null||typeof n!="object"&&typeof n!="function",tt=Array.isArray,Gt=n=>tt(n)||typeof n?.[Symbol.iterator]=="function",Xe=`[ 	
\f\r]`,pe=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Ut=/-->/g,Vt=/>/g,H=RegExp(`>|${Xe}(?:([^\\s"'>=/]+)(${Xe}*=${Xe}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),Wt=/'/g,jt=/"/g,qt=/^(?:script|style|textarea|title)$/i,st=n=>(e,...t)=>({_$litType$:n,strings:e,values:t}),a=st(1),Kt=st(2),en=st(3),B=Symbol.for("lit-noChange"),d=Symbol.for("lit-nothing"),Ft=new WeakMap,z=U.createTreeWalker(U,129);function Yt(n,e){if(!tt(n)||!n.hasOwnProperty("raw"))throw Error("invalid template strings array");return zt!==void 0?zt.createHTML(e):e}var Jt=(n,e)=>{let t=n.length-1,s=[],i,r=e===2?"<svg>":e===3?"<math>":"",o=pe;for(let c=0;c<t;c++){let l=n[c],h,u,p=-1,b=0;for(;b<l.length&&(o.lastIndex=b,u=o.exec(l),u!==null);)b=o.lastIndex,o===pe?u[1]==="!--"?o=Ut:u[1]!==void 0?o=Vt:u[2]!==void 0?(qt.test(u[2])&&(i=RegExp("</"+u[2],"g")),o=H):u[3]!==void 0&&(o=H):o===H?u[0]===">"?(o=i??pe,p=-1):u[1]===void 0?p=-2:(p=o.lastIndex-u[2].length,h=u[1],o=u[3]===void 0?H:u[3]==='"'?jt:Wt):o===jt||o===Wt?o=H:o===Ut||o===Vt?o=pe:(o=H,i=void 0);let y=o===H&&n[c+1].startsWith("/>")?" ":"";r+=o===pe?l+Ks:p>=0?(s.push(h),l.slice(0,p)+Qe+l.slice(p)+I+y):l+I+(p===-2?c:y)}return[Yt(n,r+(n[t]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),s]},me=class n{constructor({strings:e,_$litType$:t},s){let i;this.parts=[];let r=0,o=0,c=e.length-1,l=this.parts,[h,u]=Jt(e,t);if(this.el=n.createElement(h,s),z.currentNode=this.el.content,t===2||t===3){let p=this.el.content.firstChild;p.replaceWith(...p.childNodes)}for(;(i=z.nextNode())!==null&&l.length<c;){if(i.nodeType===1){if(i.hasAttributes())for(let p of i.getAttributeNames())if(p.endsWith(Qe)){let b=u[o++],y=i.getAttribute(p).split(I),m=/([.?@])?(.*)/.exec(b);l.push({type:1,index:r,name:m[2],strings:y,ctor:m[1]==="."?Ee:m[1]==="?"?Re:m[1]==="@"?Pe:W}),i.removeAttribute(p)}else p.startsWith(I)&&(l.push({type:6,index:r}),i.removeAttribute(p));if(qt.test(i.tagName)){let p=i.textContent.split(I),b=p.length-1;if(b>0){i.textContent=Se?Se.emptyScript:"";for(let y=0;y<b;y++)i.append(p[y],he()),z.nextNode(),l.push({type:2,index:++r});i.append(p[b],he())}}}else if(i.nodeType===8)if(i.data===et)l.push({type:2,index:r});else{let p=-1;for(;(p=i.data.indexOf(I,p+1))!==-1;)l.push({type:7,index:r}),p+=I.length-1}r++}}static createElement(e,t){let s=U.createElement("template");return s.innerHTML=e,s}};function V(n,e,t=n,s){if(e===B)return e;let i=s!==void 0?t._$Co?.[s]:t._$Cl,r=ue(e)?void 0:e._$litDirective$;return i?.constructor!==r&&(i?._$AO?.(!1),r===void 0?i=void 0:(i=new r(n),i._$AT(n,t,s)),s!==void 0?(t._$Co??=[])[s]=i:t._$Cl=i),i!==void 0&&(e=V(n,i._$AS(n,e.values),i,s)),e}var Ae=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:s}=this._$AD,i=(e?.creationScope??U).importNode(t,!0);z.currentNode=i;let r=z.nextNode(),o=0,c=0,l=s[0];for(;l!==void 0;){if(o===l.index){let h;l.type===2?h=new J(r,r.nextSibling,this,e):l.type===1?h=new l.ctor(r,l.name,l.strings,this,e):l.type===6&&(h=new Ce(r,this,e)),this._$AV.push(h),l=s[++c]}o!==l?.index&&(r=z.nextNode(),o++)}return z.currentNode=U,i}p(e){let t=0;for(let s of this._$AV)s!==void 0&&(s.strings!==void 0?(s._$AI(e,s,t),t+=s.strings.length-2):s._$AI(e[t])),t++}},J=class n{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,s,i){this.type=2,this._$AH=d,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=s,this.options=i,this._$Cv=i?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=V(this,e,t),ue(e)?e===d||e==null||e===""?(this._$AH!==d&&this._$AR(),this._$AH=d):e!==this._$AH&&e!==B&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):Gt(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==d&&ue(this._$AH)?this._$AA.nextSibling.data=e:this.T(U.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:s}=e,i=typeof s=="number"?this._$AC(e):(s.el===void 0&&(s.el=me.createElement(Yt(s.h,s.h[0]),this.options)),s);if(this._$AH?._$AD===i)this._$AH.p(t);else{let r=new Ae(i,this),o=r.u(this.options);r.p(t),this.T(o),this._$AH=r}}_$AC(e){let t=Ft.get(e.strings);return t===void 0&&Ft.set(e.strings,t=new me(e)),t}k(e){tt(this._$AH)||(this._$AH=[],this._$AR());let t=this._$AH,s,i=0;for(let r of e)i===t.length?t.push(s=new n(this.O(he()),this.O(he()),this,this.options)):s=t[i],s._$AI(r),i++;i<t.length&&(this._$AR(s&&s._$AB.nextSibling,i),t.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let s=Ht(e).nextSibling;Ht(e).remove(),e=s}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},W=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,s,i,r){this.type=1,this._$AH=d,this._$AN=void 0,this.element=e,this.name=t,this._$AM=i,this.options=r,s.length>2||s[0]!==""||s[1]!==""?(this._$AH=Array(s.length-1).fill(new String),this.strings=s):this._$AH=d}_$AI(e,t=this,s,i){let r=this.strings,o=!1;if(r===void 0)e=V(this,e,t,0),o=!ue(e)||e!==this._$AH&&e!==B,o&&(this._$AH=e);else{let c=e,l,h;for(e=r[0],l=0;l<r.length-1;l++)h=V(this,c[s+l],t,l),h===B&&(h=this._$AH[l]),o||=!ue(h)||h!==this._$AH[l],h===d?e=d:e!==d&&(e+=(h??"")+r[l+1]),this._$AH[l]=h}o&&!i&&this.j(e)}j(e){e===d?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},Ee=class extends W{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===d?void 0:e}},Re=class extends W{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==d)}},Pe=class extends W{constructor(e,t,s,i,r){super(e,t,s,i,r),this.type=5}_$AI(e,t=this){if((e=V(this,e,t,0)??d)===B)return;let s=this._$AH,i=e===d&&s!==d||e.capture!==s.capture||e.once!==s.once||e.passive!==s.passive,r=e!==d&&(s===d||i);i&&this.element.removeEventListener(this.name,this,s),r&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Ce=class{constructor(e,t,s){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(e){V(this,e)}},Xt={M:Qe,P:I,A:et,C:1,L:Jt,R:Ae,D:Gt,V,I:J,H:W,N:Re,U:Pe,B:Ee,F:Ce},Ys=Ze.litHtmlPolyfillSupport;Ys?.(me,J),(Ze.litHtmlVersions??=[]).push("3.3.3");var Zt=(n,e,t)=>{let s=t?.renderBefore??e,i=s._$litPart$;if(i===void 0){let r=t?.renderBefore??null;s._$litPart$=i=new J(e.insertBefore(he(),r),r,void 0,t??{})}return i._$AI(n),i};/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var it=globalThis,S=class extends O{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Zt(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return B}};S._$litElement$=!0,S.finalized=!0,it.litElementHydrateSupport?.({LitElement:S});var Js=it.litElementPolyfillSupport;Js?.({LitElement:S});(it.litElementVersions??=[]).push("4.2.2");/**
 * @license
 * Copyright 2022 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var T="pihole_checkpoint";var Oe=["lists","domains","clients","groups","dns_hosts","cnames","static_leases","settings","files","leases"],nt=["enabled","disabled","added","removed","changed","comment","groups","order"];var Xs=30,Zs=["settings","dhcp_leases","groups","lists","domains","clients"],j=class{#e;#t;constructor(e,t){this.#e=e,this.#t=t}async#s(e,t={}){let s={config_entry_id:this.#t,...t};return(await this.#e.callService(T,e,s,void 0,!1,!0)).response}#i(e,t={}){return this.#e.callWS({type:`${T}/${e}`,config_entry_id:this.#t,...t})}async backUp(){await this.#s("backup")}async delete(e){await this.#s("delete",{backup_id:e})}async verify(e){let{backups:t}=await this.#s("verify",{backup_id:e.id});return t[0]??e}async update(e,t){await this.#s("update",{backup_id:e,...t})}compare(e,{backupId:t,entryId:s}){return this.#s("compare",{backup_id:e,...t&&{other_backup_id:t},...s&&{other_config_entry_id:s}})}plan(e){return this.#s("restore",{...Qt(e),dry_run:!0})}restore(e,{plan:t,only:s,way:i,updateGravity:r}){return this.#s("restore",{...Qt(e),plan:t,...s&&{only:s},...i&&{way:i},...r!==void 0&&{update_gravity:r}})}undoRestore(e){return this.#s("undo_restore",{config_entry_id:e})}changes(e){return this.#i("changes",{backup_id:e})}contents(e,t,s){return this.#i("contents",{backup_id:e,limit:s,...t&&{search:t}})}async backups(){return(await this.#i("backups",{limit:200})).backups}async download(e){let t=[this.#t,e.id].map(encodeURIComponent).join("/"),{path:s}=await this.#e.callWS({type:"auth/sign_path",path:`/api/${T}/${t}`,expires:Xs}),i=document.createElement("a");i.href=this.#e.hassUrl?.(s)??s,i.download=e.filename,i.hidden=!0,document.body.append(i),i.click(),i.remove()}async upload(e){let t=new FormData;t.append("file",e);let s=await this.#e.fetchWithAuth("/api/file_upload",{method:"POST",body:t});if(!s.ok)throw new Error(`HTTP ${s.status}`);let{file_id:i}=await s.json();return this.#s("upload",{file:i})}};function Qt({source:n,backupId:e,target:t,isWhole:s=!1}){let i=n!==t;return{config_entry_id:t,backup_id:e,...i&&{source_config_entry_id:n},...!s&&{include:Zs},...!s&&i&&{settings:["*"]}}}async function X(n){return(await n.callWS({type:`${T}/piholes`})).piholes}async function es(n){return(await n.callWS({type:`${T}/differences`})).piholes}function Be(){return document.querySelector("home-assistant")?.hass}var Qs=1e3;async function ts(n,e){let t=await window.loadCardHelpers?.(),s=new Promise(r=>{window.addEventListener("dialog-closed",()=>r(),{once:!0})}),i=await t?.showConfirmationDialog(n,e)??!1;return await Promise.race([s,new Promise(r=>setTimeout(r,Qs))]),i}var ei=[[60,1,"second"],[3600,60,"minute"],[86400,3600,"hour"],[2592e3,86400,"day"],[31536e3,2592e3,"month"]],ti=[1/0,365*86400,"year"],ss=["B","kilobyte","megabyte","gigabyte","terabyte"],si=5,rt=new Map;function Z(n,e){return rt.has(n)||rt.set(n,e()),rt.get(n)}var Le=class{locale;#e={};constructor(e){this.locale=ii(e.locale?.language??e.language);let t=e.locale?.time_format;(t==="12"||t==="24")&&(this.#e.hour12=t==="12");let s=e.config?.time_zone;e.locale?.time_zone==="server"&&s&&(this.#e.timeZone=s)}time(e){let t={dateStyle:"medium",timeStyle:"short",...this.#e},s=`time ${this.locale} ${JSON.stringify(t)}`;return Z(s,()=>new Intl.DateTimeFormat(this.locale,t)).format(new Date(e))}relative(e,t=Date.now()){let s=(new Date(e).getTime()-t)/1e3,i=Math.abs(s),r=([u,p])=>Math.round(i/p)*p<u,[,o,c]=ei.find(r)??ti,l=i<si?0:Math.round(s/o);return Z(`relative ${this.locale}`,()=>new Intl.RelativeTimeFormat(this.locale,{numeric:"auto"})).format(l,c)}relativeAlone(e,t=Date.now()){return this.begin(this.relative(e,t))}begin(e){return e.charAt(0).toLocaleUpperCase(this.locale)+e.slice(1)}number(e){return Z(`number ${this.locale}`,()=>new Intl.NumberFormat(this.locale)).format(e)}size(e){let t=e,s=0;for(;t>=999.5&&s<ss.length-1;)t/=1e3,s+=1;if(s===0)return`${this.number(t)} B`;let i={style:"unit",unit:ss[s]??"terabyte",unitDisplay:"short",maximumFractionDigits:t<100?1:0},r=`size ${this.locale} ${JSON.stringify(i)}`;return Z(r,()=>new Intl.NumberFormat(this.locale,i)).format(t)}plural(e){return Z(`plural ${this.locale}`,()=>new Intl.PluralRules(this.locale)).select(e)}join(e){let t={type:"unit",style:"short"};return Z(`list ${this.locale}`,()=>new Intl.ListFormat(this.locale,t)).format(e)}};function ii(n){try{return Intl.getCanonicalLocales(n)[0]??"en"}catch{return"en"}}var is=3,ni=/[\u202a-\u202e\u2066-\u2069]/g,fe=class{format;#e;hass;constructor(e,t=e.localize){this.hass=e,this.#e=t,this.format=new Le(e)}say(e,t={}){return this.find(e,t)??e}find(e,t={}){return this.#e(`component.${T}.common.${e}`,t)||void 0}count(e,t,s={}){let i={...s,count:this.format.number(t)};return this.find(`${e}_${this.format.plural(t)}`,i)??this.say(`${e}_other`,i)}stage(e){if(!e?.stage)return null;let t=Number(e.progress);return e.stage==="exporting"&&t>0?this.say("stage_exporting_size",{size:this.format.size(t)}):this.find(`stage_${e.stage}`)??e.stage}trigger(e){return this.find(`trigger_${e}`)??e}async error(e){if(ot(e))return this.say("error_connection");let t=e??{},{translation_domain:s,translation_key:i}=t;if(s&&i){let r=await this.#t(s,i,t.translation_placeholders??{});if(r)return r}return N(t.message??t.error?.message)||this.say("error_unknown")}async remarks(e,t){return e.length?Promise.all(e.map(async({key:s,placeholders:i},r)=>await this.#t(T,s,i)??N(t[r]??s))):t.map(N)}async#t(e,t,s){try{return(await this.hass.loadBackendTranslation("exceptions",e))(`component.${e}.exceptions.${t}.message`,s)||void 0}catch{return}}};function ot(n){return n===is||n?.error?.code===is}async function ge(n){try{return new fe(n,await n.loadBackendTranslation("common",T))}catch{return new fe(n)}}function ye(){let n=Be();return n?new fe(n):null}function N(n){return n&&!/[.!?…]$/u.test(n)?`${n}.`:n??""}function _(n){return(n??"").replace(ni,"�")}var Q="pihole-checkpoint-card",F={min:1,max:100,usual:5},at=["default","compact"];function rs(n){let{config_entry_id:e,title:t,rows:s=F.usual,layout:i="default"}=n;if(!ns(e)&&typeof e!="string")throw Me("error_entry");if(!ns(t)&&typeof t!="string")throw Me("error_title");if(typeof s!="number"||!Number.isInteger(s)||s<F.min||s>F.max)throw Me("error_rows",F);let r=at.find(o=>o===i);if(!r)throw Me("error_layout",{names:at.join(", ")});return{entryId:typeof e=="string"&&e||null,title:typeof t=="string"?t:"",rows:s,layout:r}}function ns(n){return n==null}function Me(n,e={}){return new Error(ye()?.say(n,e)??n)}async function os(){let n=ye();n&&await ge(n.hass);let e=i=>n?.say(i)??i,t={config_entry_id:"option_pihole",title:"option_title",rows:"option_rows",layout:"option_layout"},s=at.map(i=>({value:i,label:e(`layout_${i}`)}));return{schema:[{name:"config_entry_id",selector:{config_entry:{integration:T}}},{name:"title",selector:{text:{}}},{name:"layout",default:"default",selector:{select:{options:s}}},{name:"rows",default:F.usual,selector:{number:{min:F.min,max:F.max,mode:"box"}}}],computeLabel:({name:i})=>e(t[i]??i)}}function as(){return{}}function ls(n,e){let t=n.entities?.[e];if(t?.platform!==T)return null;let s=n.devices?.[t.device_id??""],i=s?.primary_config_entry??s?.config_entries?.[0];return{config:{type:`custom:${Q}`,...i&&{config_entry_id:i}}}}var $=f`
  :host {
    --pc-text: var(--primary-text-color, #141414);
    --pc-faint: var(--secondary-text-color, #5e5e5e);
    --pc-surface: var(--ha-card-background, var(--card-background-color, #fff));
    --pc-line: var(--divider-color, #e0e0e0);
    --pc-accent: var(--primary-color, #009ac7);
    --pc-good: var(--success-color, #43a047);
    --pc-warn: var(--warning-color, #ffa600);
    --pc-bad: var(--error-color, #db4437);
    /* Inks can be read on the surface; pure accents of many themes cannot. */
    --pc-accent-ink: color-mix(in srgb, var(--pc-accent) 55%, var(--pc-text));
    --pc-good-ink: color-mix(in srgb, var(--pc-good) 55%, var(--pc-text));
    --pc-warn-ink: color-mix(in srgb, var(--pc-warn) 40%, var(--pc-text));
    --pc-bad-ink: color-mix(in srgb, var(--pc-bad) 60%, var(--pc-text));
    --pc-hover: color-mix(in srgb, var(--pc-text) 5%, transparent);
    --pc-round: var(--ha-border-radius-md, 8px);
    --pc-pad: 16px;
    display: block;
    color: var(--pc-text);
    font-family: var(--ha-font-family-body, Roboto, sans-serif);
    font-size: 14px;
    line-height: 1.45;
  }
  [hidden] {
    display: none !important;
  }
  :focus-visible {
    outline: 2px solid var(--pc-accent-ink);
    outline-offset: 2px;
  }
  .faint {
    color: var(--pc-faint);
  }
  .bad {
    color: var(--pc-bad-ink);
  }
  .warn {
    color: var(--pc-warn-ink);
  }
  .good {
    color: var(--pc-good-ink);
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .outside {
    unicode-bidi: isolate;
    overflow-wrap: anywhere;
  }
  ha-icon {
    --mdc-icon-size: 20px;
    inline-size: 20px;
    block-size: 20px;
    flex: none;
    display: inline-flex;
  }
  .spinner {
    inline-size: 16px;
    block-size: 16px;
    flex: none;
    box-sizing: border-box;
    display: inline-block;
    border: 2px solid currentcolor;
    border-block-start-color: transparent;
    border-radius: 50%;
    animation: spin 0.9s linear infinite;
  }
  @keyframes spin {
    to {
      rotate: 1turn;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .spinner {
      animation-duration: 6s;
    }
  }
`,ee=f`
  select,
  input[type="search"],
  textarea {
    font: inherit;
    color: inherit;
    inline-size: 100%;
    box-sizing: border-box;
    padding: 10px 12px;
    border: 1px solid var(--pc-faint);
    border-radius: var(--pc-round);
    background-color: var(--card-background-color, #fff);
  }
  textarea {
    resize: vertical;
    min-block-size: 64px;
  }
  .field {
    display: grid;
    gap: 6px;
    margin-block: 12px;
    font-weight: 500;
  }
  input[type="checkbox"],
  input[type="radio"] {
    inline-size: 18px;
    block-size: 18px;
    margin: 0;
    flex: none;
    accent-color: var(--pc-accent);
  }
`;var k=class extends S{static properties={view:{attribute:!1}};static styles=[$]};function w(n,e){customElements.get(n)||customElements.define(n,e)}function x(n){return a`<bdi class="outside">${_(n??"")}</bdi>`}function v(n,e=""){return a`<ha-icon class=${e} icon="mdi:${n}" aria-hidden="true"></ha-icon>`}function E(){return a`<span class="spinner" aria-hidden="true"></span>`}function Ne(n,e){return n?e():d}function g(n,e,t={}){let{looks:s="plain",iconName:i,isBusy:r=!1,isOff:o=!1,name:c=""}=t,l=r?E():i?v(i):null,h=()=>{!r&&!o&&e()};return a`<ha-button
    class=${`button ${c}`}
    appearance=${s==="filled"?"accent":"plain"}
    variant=${s==="danger"?"danger":"brand"}
    ?disabled=${o}
    data-busy=${String(r)}
    @click=${h}
    >${l?a`<span slot="start" class="button-start">${l}</span>`:""}${n}</ha-button
  >`}var ri="block",cs=200;function L(n,e){let t=[...e].sort(ci).map(({subject:s,change:i,count:r})=>i==="order"?n.say(`change_${s}_order`):n.count(`change_${s}_${i}`,r));return n.format.begin(n.format.join(t))}function De(n,e){switch(e.compared){case"first":return n.say("changes_first");case"same":return n.say("changes_none");case"different":return L(n,e.headline??[]);default:return n.say("changes_unknown")}}function He(n,e){return Oe.flatMap(t=>[...Map.groupBy(e[t]??[],({item:i,kind:r,change:o})=>JSON.stringify([i,r??"",li(o)?o:"changed"])).values()].flatMap(i=>i[0]?[oi(n,t,i[0],i)]:[]))}function oi(n,e,t,s){return{subject:e,name:t.item,kind:t.kind??"",how:s.length>1?"changed":t.change,details:s.length===1&&ai(t.change)?[]:s.flatMap(i=>hs(n,e,i))}}function ve(n,e){let t=e.details.flatMap(s=>hs(n,e.subject,s));return{subject:e.subject,name:e.item,kind:e.kind,how:e.change,details:t}}function ps(n,e){if(e.subject==="settings")return[G(n,e.value??null)];let t=[lt(n,e.kind??"")];return e.enabled===!1&&t.push(n.say("detail_disabled")),e.comment&&t.push(e.comment),e.groups?.length&&t.push(n.say("in_groups",{groups:G(n,e.groups)})),t.filter(Boolean).map(_)}function te(n,e){return _(e.name)||n.say(`subject_${e.subject}`)}function lt(n,e){return e&&e!==ri?_(n.find(`kind_${e}`)??e):""}function ai(n){return n==="enabled"||n==="disabled"}function li(n){return n==="added"||n==="removed"||n==="order"}function hs(n,e,t){let{change:s,old:i=null,new:r=null}=t;switch(s){case"enabled":case"disabled":return[n.say(`detail_${s}`)];case"groups":return[n.say("detail_groups",{groups:G(n,r)})];case"comment":{if(e==="clients"&&(i===null||r===null))return[G(n,r??i)];let o=e==="groups"?"label_description":"label_comment";return[n.say("item_with_details",{item:n.say(o),details:ds(n,i,r)})]}case"changed":return e!=="settings"||i===null&&r===null?[]:[ds(n,i,r)];case"added":case"removed":{let o=r??i;return o===null?[]:[G(n,o)]}default:return[]}}function ds(n,e,t){return n.say("from_to",{old:G(n,e),new:G(n,t)})}function G(n,e){if(e===null||e===""||Array.isArray(e)&&!e.length)return n.say("value_nothing");if(typeof e=="boolean")return n.say(e?"value_on":"value_off");let t=_(Array.isArray(e)?e.map(String).join(", "):String(e));return t.length>cs?`${t.slice(0,cs-1)}…`:t}function ci(n,e){return Oe.indexOf(n.subject)-Oe.indexOf(e.subject)||nt.indexOf(n.change)-nt.indexOf(e.change)}var us="–",q=a`<svg class="logo" viewBox="0 0 256 256" aria-hidden="true">
  ${Kt`<g fill="none" stroke-linecap="round" stroke-linejoin="round" stroke="var(--pc-way)">
    <path stroke-width="30" d="M41 120A98 98 0 1 1 74 202" />
    <path stroke-width="16" fill="var(--pc-way)" d="M12 120H70L41 160Z" />
  </g>
  <g fill="none" stroke-linecap="round" stroke-linejoin="round" stroke="var(--pc-flag)">
    <path stroke-width="22" d="M111 74V186" />
    <path stroke-width="18" fill="var(--pc-flag)" d="M113 76L194 108L113 140Z" />
  </g>`}
</svg>`,dt=class extends k{static properties={...k.properties,isPressed:{type:Boolean}};static styles=[$,f`
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 12px;
        padding: var(--pc-pad) var(--pc-pad) 0;
      }
      .logo {
        inline-size: 40px;
        block-size: 40px;
        flex: none;
        --pc-way: #5b5bd6;
        --pc-flag: #e8590c;
      }
      .who {
        flex: 1 1 180px;
        min-inline-size: 0;
      }
      h2 {
        margin: 0;
        font-size: 20px;
        font-weight: 500;
        line-height: 1.3;
        overflow-wrap: anywhere;
      }
      .where {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 12px;
        color: var(--pc-faint);
      }
      .reach {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      .dot {
        inline-size: 9px;
        block-size: 9px;
        border-radius: 50%;
        background: var(--pc-good);
      }
      .reach[data-reachable="false"] {
        color: var(--pc-bad-ink);
      }
      .reach[data-reachable="false"] .dot {
        background: var(--pc-bad);
        border-radius: 2px;
        rotate: 45deg;
      }
      a {
        color: inherit;
        overflow-wrap: anywhere;
      }
      .button-start {
        display: grid;
        place-items: center;
      }
      .notices:not(:empty) {
        display: grid;
        gap: 8px;
        padding: 12px var(--pc-pad) 0;
      }
      .notice {
        display: flex;
        gap: 10px;
        padding: 10px 12px;
        border-radius: var(--pc-round);
        overflow-wrap: anywhere;
      }
      .notice.warning {
        background: color-mix(in srgb, var(--pc-warn) 14%, transparent);
      }
      .notice.error {
        background: color-mix(in srgb, var(--pc-bad) 12%, transparent);
      }
      dl {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: 8px;
        margin: 0;
        padding: 14px var(--pc-pad) 0;
      }
      .fact {
        padding: 8px 12px;
        border-radius: var(--pc-round);
        background: var(--pc-hover);
        min-inline-size: 0;
      }
      dt,
      .more {
        color: var(--pc-faint);
        font-size: 12px;
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .value {
        font-size: 16px;
        font-weight: 500;
      }
      @container card (width < 480px) {
        dl {
          grid-template-columns: 1fr 1fr;
        }
        .last-backup {
          grid-column: 1 / -1;
        }
        .backup-now {
          flex: 1 1 auto;
        }
      }
    `];render(){let{words:e,title:t,feed:s}=this.view,{pihole:i}=s;return a`
      <div class="head">
        ${q}
        <div class="who">
          <h2 dir="auto">${t||e.say("card_name")}</h2>
          ${Ne(i,()=>i?this.#t(i):"")}
        </div>
        ${Ne(i,()=>pt(this.view,this.isPressed,()=>this.#e()))}
      </div>
      <div class="notices">${ht(this.view).map(pi)}</div>
      ${Ne(i,()=>i?this.#s(i):"")}
    `}#e(){this.dispatchEvent(new CustomEvent("back-up",{bubbles:!0,composed:!0}))}#t(e){let{words:t,feed:s}=this.view,i=ms(e.url),r=s.online&&s.phase==="ready",o=ut(e.url);return a`<div class="where">
      ${r?di(t,e.reachable):d}${i?a`<a
              class="address"
              dir="ltr"
              target="_blank"
              rel="noreferrer"
              title=${t.say("open_pihole")}
              href=${`${i.href.replace(/\/$/,"")}/admin/`}
              >${o}</a
            >`:a`<span class="address">${x(o)}</span>`}
    </div>`}#s(e){let{words:t}=this.view,{format:s}=t,i=e.count!==null,r=e.last_change,o=e.last_backup,c=e.next_run,l=e.free_space;return a`<dl>
      ${ct("last-backup",t.say("last_backup"),o?s.relativeAlone(o):i?t.say("never"):us,r?t.say("last_change",{ago:s.relative(r.at)}):"",r?L(t,r.headline??[]):"")}
      ${ct("next-backup",t.say("next_backup"),c?s.relativeAlone(c):t.say("not_scheduled"),c?s.time(c):"")}
      ${ct("storage",t.say("storage"),i?s.size(e.storage_used??0):us,l===null?"":t.say("storage_free",{size:s.size(l)}))}
    </dl>`}};function di(n,e){return a`<span class="reach" data-reachable=${String(e)}
    ><span class="dot"></span>${n.say(e?"reachable":"unreachable")}</span
  >`}function ct(n,e,t,s,i=""){return a`<div class=${`fact ${n}`}>
    <dt>${e}</dt>
    <dd class="value">${t}</dd>
    ${s?a`<dd class="more" title=${i||d}>${s}</dd>`:d}
  </div>`}function pt({words:n,feed:e,isReady:t},s,i){let{pihole:r}=e,o=s||(r?.running??!1),c=n.stage(r)??(o?n.say("stage_starting"):null);return g(c??n.say("backup_now"),i,{looks:"filled",iconName:"backup-restore",isBusy:c!==null,isOff:!t,name:"backup-now"})}function pi({kind:n,text:e,reason:t}){return a`<div class=${`notice ${n}`}>
    ${v("alert-circle-outline",n==="error"?"bad":"warn")}
    <div>${e}${t?a`<div class="reason">${x(t)}</div>`:d}</div>
  </div>`}function ht({words:n,feed:e,problem:t}){let{pihole:s,phase:i}=e;if(!s)return[];if(!e.online)return[{kind:"warning",text:n.say("offline")}];if(i==="unloaded")return[{kind:"warning",text:n.say("not_loaded")}];if(i==="failed")return[{kind:"error",text:n.say("load_failed",{reason:t})}];let r=[];if(s.available||r.push({kind:"error",text:n.say("unavailable"),reason:N(s.storage_message)}),s.attempt?.result==="failed"){let{at:o,message:c}=s.attempt,l=n.say("last_failed",{ago:n.format.relative(o)});r.push({kind:"error",text:l,reason:N(c)})}return s.overdue&&r.push({kind:"warning",text:n.say("overdue")}),r}function ut(n){let e=ms(n);return e?e.host+e.pathname.replace(/\/$/,""):n}function ms(n){let e=URL.parse(n);return e&&["http:","https:"].includes(e.protocol)?e:null}w("pihole-checkpoint-header",dt);var ze=class{#e;#t;constructor(e){this.#e=e}watch(e){if(!e?.running){this.forget();return}let{deadline:t}=e;this.#t!==void 0||!t||(this.#t=setTimeout(()=>this.#e(t),(t+1)*1e3))}forget(){clearTimeout(this.#t),this.#t=void 0}};function Ue(n,e){let t=Date.parse(e.created_at),s=r=>!fs(e)||fs(r),i=r=>r.id!==e.id&&r.status==="good"&&Date.parse(r.created_at)<t;return n.find(r=>i(r)&&s(r))??null}function fs({trigger:n}){return n!=="adopted"}function Ve({words:n,isReady:e,open:t},s,i){if(!s||!hi(i))return d;let r={subject:i.subject,name:i.name,kind:i.kind};return g(n.say("bring_back"),()=>t({kind:"restore",backup:s,wanted:r}),{isOff:!e,name:"bring-back"})}function hi({subject:n}){return n!=="files"}var se=f`
  h3 {
    margin: 16px 0 4px;
    font-size: 14px;
    font-weight: 500;
  }
  p,
  .state {
    margin: 8px 0;
  }
  .state {
    display: flex;
    gap: 8px;
    align-items: start;
  }
  .state .spinner {
    margin: 2px;
  }
  details {
    margin-block: 8px;
  }
  summary {
    cursor: pointer;
    color: var(--pc-faint);
  }
`,gs=f`
  dialog {
    inline-size: min(620px, calc(100vw - 24px));
    max-block-size: min(820px, calc(100dvh - 24px));
    padding: 0;
    border: 0;
    box-sizing: border-box;
    overflow: hidden;
    color: var(--pc-text);
    background: var(--ha-dialog-surface-background, var(--card-background-color, #fff));
    border-radius: var(--ha-dialog-border-radius, 20px);
    box-shadow: 0 12px 48px rgb(0 0 0 / 36%);
    outline: 1px solid transparent; /* seen with forced colors, which drop shadows */
  }
  dialog[open] {
    display: grid;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 45%);
  }
  .box {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    max-block-size: inherit;
    padding: 20px 0 14px;
    box-sizing: border-box;
  }
  .box > * {
    padding-inline: 24px;
  }
  .title {
    display: flex;
    align-items: start;
    gap: 8px;
  }
  h2 {
    flex: 1;
    margin: 0;
    font-size: 20px;
    font-weight: 500;
    line-height: 1.3;
    outline: none;
    overflow-wrap: anywhere;
  }
  .about {
    margin: 2px 0 0;
    color: var(--pc-faint);
    overflow-wrap: anywhere;
  }
  .body {
    overflow: auto;
    min-block-size: 0;
    padding-block: 4px;
    overflow-wrap: anywhere;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
    padding-block-start: 12px;
  }
`;var A=class extends k{static properties={...k.properties,busy:{state:!0},problem:{state:!0}};static styles=[$,ee,gs,se];constructor(){super(),this.busy=null,this.problem=null}about(){return""}isKept(){return!1}render(){let e=this.about();return a`<dialog
      aria-labelledby="heading"
      aria-busy=${String(this.busy!==null)}
      @close=${()=>this.#t()}
      @click=${t=>this.#s(t)}
      @keydown=${ui}
    >
      <div class="box">
        <div class="title"><h2 id="heading" tabindex="-1">${this.heading()}</h2></div>
        ${e?a`<div class="about">${e}</div>`:d}
        <div class="body" role="group" aria-labelledby="heading" tabindex="0">${this.body()}</div>
        <div class="status" role="status">${this.#e()}</div>
        <div class="buttons">${this.buttons()}</div>
      </div>
    </dialog>`}#e(){return this.busy!==null?a`<div class="state">${E()}<span>${this.busy}</span></div>`:this.problem===null?d:a`<div class="state bad">
      ${v("alert-circle-outline")}<span>${x(this.problem)}</span>
    </div>`}firstUpdated(e){this.dialog?.showModal(),this.focusHeading()}get dialog(){return this.renderRoot.querySelector("dialog")}focusHeading(){this.renderRoot.querySelector("h2")?.focus({preventScroll:!0})}close(){this.dialog?.close()}#t(){this.dispatchEvent(new CustomEvent("checkpoint-closed"))}#s(e){let{dialog:t}=this;if(!t||e.target!==t||this.isKept())return;let{left:s,right:i,top:r,bottom:o}=t.getBoundingClientRect(),{clientX:c,clientY:l}=e;(c<s||c>i||l<r||l>o)&&this.close()}async attempt(e,t){if(this.busy===null){this.busy=e,this.problem=null;try{await t()}catch(s){this.problem=await this.view.words.error(s)}finally{this.busy=null}}}};function ui(n){n.key.length===1&&n.stopPropagation()}var mi={added:"plus",removed:"minus"},C=f`
  .group {
    margin-block: 12px 4px;
    display: flex;
    align-items: center;
    gap: 12px;
    font-weight: 500;
  }
  .lines {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .line {
    display: flex;
    align-items: start;
    gap: 12px;
    padding-block: 6px;
  }
  .line ha-icon {
    --mdc-icon-size: 18px;
    inline-size: 18px;
    block-size: 18px;
    margin-block-start: 1px;
    color: var(--pc-faint);
  }
  .line input {
    margin-block-start: 1px;
  }
  .what {
    flex: 1;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .bring-back {
    flex: none;
  }
  .what bdi {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 8; /* a name may be as long as a page */
  }
  .what .faint {
    display: block;
    font-size: 13px;
  }
`;function R(n,e,t,{before:s=()=>d,counts:i={}}={}){return[...Map.groupBy(e,({subject:o})=>o)].map(([o,c])=>{let l=n.say(`subject_${o}`),h=n.format.number(i[o]??c.length);return a`<div class="group">
        ${s(c,l)}<span>${l} <span class="faint">${h}</span></span>
      </div>
      <ul class="lines" aria-label=${l}>
        ${c.map(u=>a`<li class="line">${t(u)}</li>`)}
      </ul>`})}function K(n,e){return e.length?a`<p class="faint">${n.say("and_more",{what:L(n,e)})}</p>`:d}function ie(n,e,t=d){return a`${v(mi[e.how]??"pencil-outline")}
    <div class="what">
      <bdi>${te(n,e)}</bdi>
      <span class="faint">${be(n,e,`was_${e.how}`)}</span>
    </div>
    ${t}`}function be(n,e,t){return[lt(n,e.kind),n.say(t),...e.details].filter(Boolean).join(" · ")}var Y="live",ys=40,mt=class extends A{static properties={...A.properties,backup:{attribute:!1},backups:{state:!0},piholes:{state:!0},choice:{state:!0},result:{state:!0}};static styles=[...A.styles,C];constructor(){super(),this.backups=[],this.piholes=[],this.choice=Y,this.result=null}firstUpdated(e){super.firstUpdated(e),this.#e()}async#e(){let{actions:e,words:t,feed:s}=this.view;await this.attempt(t.say("comparing"),async()=>{let[i,r]=await Promise.all([e.backups(),this.view.piholes()]);this.backups=i.filter(({id:o,status:c})=>o!==this.backup.id&&c==="good"),this.piholes=r.filter(({config_entry_id:o})=>o!==s.entryId),this.choice=Ue(this.backups,this.backup)?.id??Y}),this.problem||await this.#t()}async#t(){let{actions:e,words:t}=this.view,{choice:s}=this;this.result=null,await this.attempt(t.say("comparing"),async()=>{this.result=await e.compare(this.backup.id,fi(s))}),this.choice!==s&&await this.#t()}heading(){return this.view.words.say("compare_title")}about(){let{words:e}=this.view;return e.say("backup_of",{time:e.format.time(this.backup.created_at)})}body(){let{words:e}=this.view;return a`<label class="field"
        >${e.say("compare_with")}
        <select @change=${t=>this.#n(t)}>
          <option value=${Y} ?selected=${this.choice===Y}>
            ${e.say("compare_live")}
          </option>
          ${this.backups.map(t=>a`<option value=${t.id} ?selected=${t.id===this.choice}>
                ${this.#r(t)}
              </option>`)}
          ${this.piholes.map(({config_entry_id:t,title:s})=>{let i=`pihole:${t}`;return a`<option value=${i} ?selected=${i===this.choice}>
              ${e.say("compare_pihole",{name:_(s)})}
            </option>`})}
        </select>
      </label>
      <div class="result">${this.result?this.#s(this.result):d}</div>`}#s(e){let{view:t}=this,{words:s}=t,i=He(s,e.changes);if(!i.length)return a`<p class="same">${s.say("compare_same")}</p>`;let r=this.#i(e);return a`<p class="faint">${s.say(gi(this.choice))}</p>
      ${R(s,i,o=>ie(s,o,Ve(t,r,o)))}`}#i({from:e,to:t}){if(this.choice===Y)return this.backup;if(e.config_entry_id!==t.config_entry_id)return null;let s=i=>this.backups.find(r=>r.id===i);return e.backup_id===this.backup.id?this.backup:s(e.backup_id)??null}buttons(){return g(this.view.words.say("close"),()=>this.close())}#n(e){this.choice=e.target.value,this.busy===null&&this.#t()}#r({created_at:e,note:t,trigger:s}){let{words:i}=this.view,r=_(t??"")||i.trigger(s),o=r.length>ys?`${r.slice(0,ys-1)}…`:r;return`${i.format.time(e)} · ${o}`}};function fi(n){return n===Y?{}:n.startsWith("pihole:")?{entryId:n.slice(7)}:{backupId:n}}function gi(n){return n===Y?"compare_hint_live":n.startsWith("pihole:")?"compare_hint_pihole":"compare_hint_other"}w("pihole-checkpoint-compare",mt);var vs=50,bs=200,yi=250,ft=class extends k{static properties={...k.properties,backupId:{attribute:!1},contents:{state:!0},problem:{state:!0},limit:{state:!0}};static styles=[$,ee,se,C];#e="";#t;constructor(){super(),this.contents=null,this.problem=null,this.limit=vs}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.#t)}firstUpdated(e){this.#s()}async#s(){let[e,t]=[this.#e,this.limit],s=()=>e===this.#e&&t===this.limit;try{let i=await this.view.actions.contents(this.backupId,e,t);if(!s())return;this.contents=i,this.problem=null}catch(i){let r=await this.view.words.error(i);s()&&(this.problem=r)}}render(){return a`${this.contents?this.#n(this.contents):d}
      <div role="status">${this.#i()}</div>`}#i(){if(this.problem!==null)return a`<p class="state bad">${x(this.problem)}</p>`;if(this.contents)return d;let e=this.view.words.say("loading_details");return a`<p class="state">${E()}<span>${e}</span></p>`}#n({counts:e,found:t,items:s}){let{words:i}=this.view,r=Object.entries(e).filter(([,c])=>c>0).map(([c,l])=>i.count(`count_${c}`,l)),o=Object.values(t).reduce((c,l)=>c+l,0);return a`<h3>${i.say("column_contents")}</h3>
      <p class="counts faint">${i.format.join(r)}</p>
      <input
        type="search"
        aria-label=${i.say("search_contents")}
        placeholder=${i.say("search_contents")}
        @input=${c=>this.#l(c.target.value)}
      />
      <div class="found" aria-live="polite">
        ${o===0?a`<p class="faint">${i.say("nothing_found")}</p>`:d}
        ${R(i,s,c=>a`<div class="what">
              <bdi>${te(i,{subject:c.subject,name:c.item})}</bdi>
              <span class="faint">${ps(i,c).join(" · ")}</span>
            </div>`,{counts:t})}
        ${o>s.length?this.#r(s.length,o):d}
      </div>`}#r(e,t){let{words:s}=this.view;return this.limit>=bs?a`<p class="faint">
        ${s.say("shown_of",{shown:s.format.number(e),total:s.format.number(t)})}
      </p>`:g(s.say("show_more"),()=>{this.limit=bs,this.#s()})}#l(e){this.#e=e.trim(),this.limit=vs,clearTimeout(this.#t),this.#t=setTimeout(()=>{this.#s()},yi)}};w("pihole-checkpoint-contents",ft);var gt=class extends A{static properties={...A.properties,backup:{attribute:!1},changes:{state:!0},previous:{state:!0}};static styles=[...A.styles,C,f`
      .do {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 8px;
        margin-block: 8px;
        margin-inline-start: -8px;
      }
      dl {
        display: grid;
        grid-template-columns: minmax(72px, auto) 1fr;
        gap: 4px 16px;
        margin: 8px 0;
      }
      dt {
        color: var(--pc-faint);
      }
      dd {
        margin: 0;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      .mono {
        font-family: var(--ha-font-family-code, monospace);
        font-size: 12px;
      }
      .save-note {
        justify-self: end;
      }
    `];#e=null;constructor(){super(),this.changes=null,this.previous=null}get#t(){return this.view.feed.find(this.backup.id)??this.backup}get#s(){return this.#e!==null&&this.#e!==(this.#t.note??"")}isKept(){return this.#s}firstUpdated(e){super.firstUpdated(e),this.view.isAdmin&&this.#i()}async#i(){try{if(this.changes=await this.view.actions.changes(this.backup.id),!Object.keys(this.changes.changes).length)return;this.previous=Ue(await this.view.actions.backups(),this.backup)}catch(e){this.problem=await this.view.words.error(e)}}heading(){return De(this.view.words,this.#t)}about(){let{format:e}=this.view.words,t=this.backup.created_at;return`${e.time(t)} · ${e.relative(t)}`}body(){let{view:e,backup:t}=this;return e.isAdmin?a`${this.#n()} ${this.#r()} ${this.#o()} ${this.#a()}
    ${t.status==="good"?a`<pihole-checkpoint-contents
            .view=${e}
            .backupId=${t.id}
          ></pihole-checkpoint-contents>`:d}`:a`${this.#o()}`}buttons(){return g(this.view.words.say("close"),()=>this.close())}#n(){let{words:e,isReady:t}=this.view,s=this.#t,i=(o,c,l,h=!0)=>h?g(e.say(o),l,{iconName:c,isOff:!t,name:`act-${o}`}):d,r=s.status==="good";return a`<div class="do">
      ${i("restore","backup-restore",()=>this.view.open({kind:"restore",backup:s}),r)}
      ${i("compare","compare",()=>this.view.open({kind:"compare",backup:s}),r)}
      ${i("download","download",()=>{this.#d()},s.status!=="missing")}
      ${i(s.pinned?"unpin":"pin",s.pinned?"pin-off":"pin",()=>{this.#h()})}
      ${i("verify","shield-check-outline",()=>{this.#c()})}
      ${i("copy_id","content-copy",()=>{this.#u()})}
      ${i("delete","delete-outline",()=>{this.#g()})}
    </div>`}#r(){let{words:e}=this.view;if(!this.changes)return d;let{changes:t,left_out:s}=this.changes,i=He(e,t);return i.length?a`<h3>${e.say("details_changes")}</h3>
      ${R(e,i,r=>ie(e,r,this.#l(r)))}
      ${K(e,s)}`:d}#l(e){return e.how==="added"?d:Ve(this.view,this.previous,e)}#o(){let{words:e}=this.view,t=this.#t,s=(i,r)=>a`<dt>${e.say(i)}</dt>
        <dd>${r}</dd>`;return a`<dl>
      ${t.status==="good"?d:s("column_status",a`<span class="bad">${e.say(`status_${t.status}`)}</span>`)}
      ${s("column_trigger",e.trigger(t.trigger))}
      ${t.confirmed_at?s("confirmed",e.format.time(t.confirmed_at)):d}
      ${s("column_filename",x(t.filename))}
      ${s("column_size",e.format.size(t.file_size))}
      ${s("checksum",a`<span class="mono">${t.sha256}</span>`)}
      ${s("backup_id",a`<span class="mono id">${t.id}</span>`)}
      ${t.note&&!this.view.isAdmin?s("note_title",x(t.note)):d}
    </dl>`}#a(){let{words:e,isReady:t}=this.view,{note:s}=this.#t,i=r=>{this.#e=r.target.value,this.requestUpdate()};return a`<label class="field"
        >${e.say("note_title")}
        <textarea
          rows="2"
          maxlength=${2e3}
          dir="auto"
          .value=${this.#e??s??""}
          placeholder=${e.say("note_label")}
          @input=${i}
        ></textarea>
      </label>
      ${this.#s?g(e.say("save"),()=>{this.#f()},{looks:"filled",isOff:!t,name:"save-note"}):d}`}async#d(){await this.#p(()=>this.view.actions.download(this.backup))}async#h(){let{actions:e,words:t,toast:s}=this.view,i=!this.#t.pinned;await this.#p(async()=>{await e.update(this.backup.id,{pinned:i}),s(t.say(i?"toast_pinned":"toast_unpinned"),{id:"pin"})})}async#c(){let{actions:e,words:t,toast:s}=this.view;await this.#p(async()=>{let r=(await e.verify(this.backup)).status==="good";s(t.say(r?"toast_verified":"toast_not_verified"),{id:`verified-${this.backup.id}`,isFailure:!r})})}async#u(){let{words:e,toast:t}=this.view;try{await navigator.clipboard.writeText(this.backup.id),t(e.say("toast_copied"),{id:"copied"})}catch{let s=this.renderRoot.querySelector(".id");if(!s)return;s.scrollIntoView({block:"nearest"}),getSelection()?.selectAllChildren(s)}}async#f(){let{actions:e,words:t,toast:s}=this.view,i=this.#e?.trim()??"";await this.#p(async()=>{await e.update(this.backup.id,{note:i}),this.#e=null,s(t.say("toast_noted"),{id:"note"})})}async#g(){let{actions:e,words:t,toast:s,feed:i}=this.view,r=this.#t,o=i.pihole?.count===1&&r.status==="good",c=[t.say("delete_text"),r.pinned?t.say("delete_pinned"):"",o?t.say("delete_last"):""];await ts(this,{title:t.say("delete_title"),text:c.filter(Boolean).join(" "),confirmText:t.say("delete_now"),dismissText:t.say("cancel"),destructive:!0})&&await this.#p(async()=>{await e.delete(r.id),this.close(),s(t.say("toast_deleted",{time:t.format.time(r.created_at)}),{id:`deleted-${r.id}`})})}#p(e){return this.attempt(this.view.words.say("one_moment"),e)}};w("pihole-checkpoint-details",gt);var bi="permission",wi="restart",_i="gravity";var $i=new Set(["remark_forced_settings","remark_unknown_settings","remark_read_only","remark_own_settings","remark_machine_settings","remark_locking_settings","remark_app_sudo_stays","remark_kept_groups","remark_default_group","remark_brought_groups","remark_refused","remark_gravity_complained"]);function _e({needs:n}){return!n.includes(bi)}function ws(n,{isElsewhere:e,wanted:t}){let s=t?i=>i.subject===t.subject&&i.item===t.name&&i.kind===t.kind:i=>i.subject!=="leases"&&!(e&&i.of_machine);return new Set(n.filter(i=>_e(i)&&s(i)).map(({id:i})=>i))}function yt(n,e,t=!1){if(t)return n.ways.length>1?n.ways.map(({way:i})=>i):[];let s=n.ways.some(({way:i})=>i==="import");return e.size<=150||!s||vt(n.items,e)?[]:e.size>200?["import","live"]:["live","import"]}function _s({key:n}){return!$i.has(n)}function vt(n,e){return n.some(({id:t,needs:s})=>e.has(t)&&s.includes(wi))}function bt(n,e){return n.some(({id:t,needs:s})=>e.has(t)&&s.includes(_i))}function $s({items:n,more_items:e=[]}){let t=n.filter(({outcome:s})=>s==="done").length;return e.reduce((s,{outcome:i,count:r})=>s+(i==="done"?r:0),t)}function We({items:n,more_items:e=[]}){let t=new Map,s=[...n.map(({subject:i,change:r})=>({subject:i,change:r,count:1})),...e];for(let{subject:i,change:r,count:o}of s){let c=`${i} ${r}`,l=t.get(c)?.count??0;t.set(c,{subject:i,change:r,count:l+o})}return[...t.values()]}var we=["check","back_up","apply","verify"],ki={storing:"back_up",applying:"apply",importing:"apply",restarting:"apply",updating_gravity:"apply",proving:"verify"};function ks(n,e){let t=ki[e??""]??"check";return we.indexOf(t)>we.indexOf(n)?t:n}var wt=class extends k{static properties={...k.properties,plan:{attribute:!1},chosen:{attribute:!1},isElsewhere:{attribute:!1},isWhole:{attribute:!1}};static styles=[$,ee,se,C,f`
      label {
        cursor: pointer;
      }
      .change {
        display: flex;
        gap: 12px;
        flex: 1;
        min-inline-size: 0;
      }
      .change[data-off] {
        cursor: default;
        color: var(--pc-faint);
      }
      .needs {
        display: block;
        font-size: 13px;
        color: var(--pc-warn-ink);
      }
    `];render(){let{words:e}=this.view,{items:t}=this.plan;return t.length?a`${t.every(_e)?d:this.#e()}
      <p>${e.say(this.isElsewhere?"plan_title_elsewhere":"plan_title")}</p>
      ${this.isWhole?a`<p class="whole">${L(e,We(this.plan))}</p>`:R(e,t,s=>this.#t(s),{before:(s,i)=>this.#s(s,i)})}
      ${this.#n()}`:a`<p class="state same">
          ${v("check-circle-outline","good")}<span>${e.say("preview_nothing")}</span>
        </p>
        ${this.#n()}`}#e(){return a`<p class="state permission">
      ${v("lock-outline","warn")}<span>${this.view.words.say("needs_permission_hint")}</span>
    </p>`}#t(e){let{words:t}=this.view,s=ve(t,e),i=!_e(e),r=e.needs.filter(o=>o!=="gravity").map(o=>t.say(`need_${o}`));return a`<label class="change" ?data-off=${i} data-id=${e.id}>
      <input
        type="checkbox"
        .checked=${this.chosen.has(e.id)}
        ?disabled=${i}
        @change=${o=>this.#i([e],xs(o))}
      />
      <span class="what"
        ><bdi>${te(t,s)}</bdi>
        <span class="faint">${be(t,s,`will_${s.how}`)}</span>
        ${e.brought?a`<span class="faint">${t.say("brought")}</span>`:d}
        ${r.map(o=>a`<span class="needs">${o}</span>`)}</span
      >
    </label>`}#s(e,t){let s=e.filter(_e);if(e.length<2||!s.length)return d;let i=s.filter(({id:r})=>this.chosen.has(r)).length;return a`<input
      type="checkbox"
      aria-label=${t}
      .checked=${i===s.length}
      .indeterminate=${i>0&&i<s.length}
      @change=${r=>this.#i(s,xs(r))}
    />`}#i(e,t){let s=new Set(this.chosen);for(let{id:i}of e)t?s.add(i):s.delete(i);this.dispatchEvent(new CustomEvent("chosen",{detail:s}))}#n(){let{words:e}=this.view,{left_out:t,more_left_out:s=[]}=this.plan;if(!t.length)return d;let i=s.reduce((r,{count:o})=>r+o,t.length);return a`<details class="left-out">
      <summary>${e.count("left_out",i)}</summary>
      ${R(e,t,r=>a`<div class="what">
            <bdi>${_(r.item)}</bdi>
            <span class="faint">${e.say(`left_out_${r.reason}`)}</span>
          </div>`)}
      ${K(e,s)}
    </details>`}};function xs(n){return n.target.checked}w("pihole-checkpoint-plan-choice",wt);var M=class extends A{static properties={...A.properties,phase:{state:!0},step:{state:!0},answer:{state:!0},remarks:{state:!0},canTakeBack:{attribute:!1}};static styles=[...A.styles,C,f`
      .steps {
        list-style: none;
        margin: 12px 0;
        padding: 0;
        display: grid;
        gap: 10px;
      }
      .steps li {
        display: flex;
        align-items: center;
        gap: 10px;
        min-block-size: 24px;
      }
      .steps li[data-state="later"] {
        color: var(--pc-faint);
      }
      .steps .sign {
        inline-size: 20px;
        display: grid;
        place-items: center;
      }
      .progress {
        font-size: 12px;
        min-block-size: 1.45em;
      }
      .outcome {
        display: flex;
        gap: 10px;
        font-weight: 500;
      }
      .remarks {
        margin: 8px 0;
        padding-inline-start: 20px;
      }
      pre {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        font-size: 12px;
        margin: 8px 0;
      }
    `];constructor(){super(),this.phase="asking",this.step="check",this.answer=null,this.remarks=[],this.canTakeBack=!1}get isShowingRestore(){return this.phase!=="asking"&&(this.dialog?.open??!1)}async run(e){let{words:t}=this.view;this.phase="running",this.step="check",this.problem=null,this.focusHeading();try{let s=await e();this.remarks=await this.remarksOf(s),this.answer=s,this.phase="done"}catch(s){ot(s)?this.phase="lost":(this.problem=await t.error(s),this.phase="failed")}await this.updateComplete,this.focusHeading()}remarksOf({remark_details:e,remarks:t}){return this.view.words.remarks((e??[]).filter(_s),e?[]:t)}willUpdate(e){this.phase==="running"&&(this.step=ks(this.step,this.#e))}get#e(){let{pihole:e,entryId:t}=this.view.feed;return this.target===t?e?.stage??null:null}lostBody(){return a`<p class="state">
      ${v("alert-circle-outline","warn")}<span>${this.view.words.say("restore_lost")}</span>
    </p>`}runningBody(){let{words:e,feed:t}=this.view,s=we.indexOf(this.step),i=this.#e==="updating_gravity"?t.pihole?.progress:null,r=this.#e?e.find(`stage_${this.#e}`)??"":"";return a`<ol class="steps">
        ${we.map((o,c)=>{let l=c<s?"done":c===s?"now":"later",h=l==="done"?v("check","good"):l==="now"?E():"";return a`<li data-state=${l}>
            <span class="sign">${h}</span><span>${e.say(`step_${o}`)}</span>
            ${l==="now"&&r?a`<span class="faint stage">${r}</span>`:d}
          </li>`})}
      </ol>
      <p class="faint progress">${i?x(String(i)):d}</p>
      <p class="faint">${e.say("restoring_hint")}</p>
      <span class="unseen" role="status">${e.say(`step_${this.step}`)}</span>`}resultBody(e){let{words:t}=this.view,s=e.items.filter(({outcome:p})=>p==="done"),i=e.items.filter(({outcome:p})=>p!=="done"),r=e.more_items??[],o=r.filter(({outcome:p})=>p!=="done"),c=e.proven!==!1&&!i.length&&!o.length,l=c?"restored_verified":"restored_unverified",h=e.items.length?t.count(l,$s(e)):t.say("restored_nothing"),u=xi(e);return a`<p class=${`outcome ${c?"good":"warn"}`}>
        ${v(c?"check-circle-outline":"alert-circle-outline")}<span>${h}</span>
      </p>
      ${this.remarks.length?a`<ul class="remarks">
              ${this.remarks.map(p=>a`<li>${x(p)}</li>`)}
            </ul>`:d}
      ${u?a`<details>
              <summary>${t.say("pihole_output")}</summary>
              <pre dir="ltr">${_(u)}</pre>
            </details>`:d}
      ${i.length?a`<h3>${t.say("restored_not")}</h3>
              ${R(t,i,p=>this.#t(p))}
              ${K(t,o)}`:d}
      ${s.length?a`<h3>${t.say("restored_changed")}</h3>
              ${R(t,s,p=>ie(t,ve(t,p)))}
              ${K(t,r.filter(({outcome:p})=>p==="done"))}`:d}`}#t(e){let{words:t}=this.view,s=ve(t,e),i=e.reason?_(e.reason):"",r=t.say(`outcome_${e.outcome??"unknown"}`,{reason:i});return a`${v("alert-circle-outline","warn")}
      <div class="what">
        <bdi>${_(s.name)}</bdi
        ><span class="faint">${be(t,s,`will_${s.how}`)}</span>
        <span class="warn">${r}</span>
      </div>`}closeButton(){return g(this.view.words.say("close"),()=>this.close())}takeBackButton(e){if(this.phase==="lost")return d;if(!(this.phase==="done"?this.answer?.safety_backup:this.canTakeBack))return d;let s=this.target;return g(this.view.words.say(e),()=>this.view.open({kind:"undo",entryId:s,isDecided:!0}),{iconName:e})}heading(){let{words:e}=this.view;return this.phase==="failed"?e.say("restore_failed_title"):this.phase==="done"?this.doneTitle:this.askingTitle()}};function xi({remark_details:n}){return(n??[]).map(({placeholders:e})=>e.complaints??"").join(`
`).trim()}var _t=class extends M{static properties={...M.properties,backup:{attribute:!1},wanted:{attribute:!1},piholes:{state:!0},chosenTarget:{state:!0},plan:{state:!0},chosen:{state:!0},way:{state:!0},gravity:{state:!0},planRemarks:{state:!0},isWhole:{state:!0}};static styles=[...M.styles,f`
      label {
        cursor: pointer;
      }
      .choice {
        display: flex;
        gap: 12px;
        align-items: center;
        min-block-size: 36px;
      }
      fieldset {
        border: 0;
        margin: 12px 0 0;
        padding: 0;
      }
      legend {
        padding: 0;
        font-weight: 500;
      }
    `];constructor(){super(),this.wanted=void 0,this.piholes=[],this.chosenTarget=null,this.plan=null,this.chosen=new Set,this.way=null,this.gravity=null,this.planRemarks=[],this.isWhole=!1}get target(){return this.chosenTarget??this.view.feed.entryId}get#e(){return this.target!==this.view.feed.entryId}get#t(){let{entryId:e}=this.view.feed;return{source:e,backupId:this.backup.id,target:this.target,isWhole:this.isWhole}}get doneTitle(){return this.view.words.say("restored_title")}askingTitle(){return this.view.words.say("restore_title")}isKept(){return this.phase==="running"}firstUpdated(e){super.firstUpdated(e),this.#s(),this.view.piholes().then(t=>{this.piholes=t},()=>{})}async#s(){let{actions:e,words:t}=this.view;this.isWhole=!1;let s=this.#t;this.plan=null,await this.attempt(t.say("previewing"),async()=>{let i=await e.plan(s);i.more_items?.length&&(this.isWhole=!0,i=await e.plan({...s,isWhole:!0})),this.planRemarks=await this.remarksOf(i),this.plan=i,this.chosen=ws(i.items,{isElsewhere:s.source!==s.target,wanted:this.wanted}),this.way=null}),this.target!==s.target&&await this.#s()}about(){let{words:e}=this.view,t=e.format.time(this.backup.created_at);return a`${e.say("backup_of",{time:t})}`}body(){return this.phase==="running"?this.runningBody():this.phase==="done"&&this.answer?this.resultBody(this.answer):this.phase==="lost"?this.lostBody():this.phase==="failed"?d:a`${this.#i()} ${this.plan?this.#n(this.plan):d}`}#i(){let{words:e}=this.view;if(this.piholes.length<2)return d;let t=s=>{this.chosenTarget=s.target.value,this.busy===null&&this.#s()};return a`<label class="field"
      >${e.say("restore_to")}
      <select class="target" @change=${t}>
        ${this.piholes.map(({config_entry_id:s,title:i})=>a`<option value=${s} ?selected=${s===this.target}>${_(i)}</option>`)}
      </select>
    </label>`}#n(e){return a`<pihole-checkpoint-plan-choice
        .view=${this.view}
        .plan=${e}
        .chosen=${this.chosen}
        .isElsewhere=${this.#e}
        .isWhole=${this.isWhole}
        @chosen=${t=>{this.chosen=t.detail}}
      ></pihole-checkpoint-plan-choice>
      ${e.items.length?this.#r(e):d}`}#r(e){let{words:t}=this.view,s=yt(e,this.chosen,this.isWhole),i=this.#o(e,s);return a`${s.length?this.#l(s):d}
    ${!this.isWhole&&bt(e.items,this.chosen)?a`<label class="choice">
            <input
              type="checkbox"
              class="gravity"
              .checked=${this.gravity??!0}
              @change=${r=>{this.gravity=Ti(r)}}
            /><span
              >${t.say("restore_gravity")}
              <span class="faint">${t.say("restore_gravity_hint")}</span></span
            >
          </label>`:d}
    ${this.planRemarks.length?a`<ul class="remarks">
            ${this.planRemarks.map(r=>a`<li>${x(r)}</li>`)}
          </ul>`:d}
    ${this.chosen.size?a`<p class="state what-happens">
            ${v(i?"restart-alert":"shield-check-outline",i?"warn":"good")}
            <span>${t.say(i?"restore_restarts":"restore_stays")}</span>
          </p>`:d}`}#l(e){let{words:t}=this.view;return a`<fieldset>
      <legend>${t.say("way_title")}</legend>
      ${e.map(s=>a`<label class="choice">
            <input
              type="radio"
              name="way"
              .checked=${this.#a(e)===s}
              @change=${()=>{this.way=s}}
            /><span>${t.say(`way_${s}`)}</span>
          </label>`)}
    </fieldset>`}#o(e,t){return this.#a(t)==="import"?!0:this.isWhole?e.ways[0]?.restarts??!1:vt(e.items,this.chosen)}#a(e){return e.find(t=>t===this.way)??e[0]??null}buttons(){let{words:e,isReady:t}=this.view;if(this.phase==="running")return this.closeButton();if(this.phase!=="asking")return a`${this.takeBackButton("undo")} ${this.closeButton()}`;if(!this.plan?.items.length)return this.closeButton();let s=this.isWhole?We(this.plan).reduce((i,{count:r})=>i+r,0):this.chosen.size;return a`${g(e.say("cancel"),()=>this.close())}
    ${g(e.count("restore_changes",s),()=>this.#d(),{looks:"filled",isOff:!t||!this.chosen.size||this.busy!==null,name:"restore-now"})}`}#d(){let{plan:e}=this;if(!e)return;let t=this.#t,s=e.items.map(({id:l})=>l).filter(l=>this.chosen.has(l)),i=(this.gravity??!0)&&bt(e.items,this.chosen),r=this.isWhole?{}:{only:s,updateGravity:i},o=this.#a(yt(e,this.chosen,this.isWhole)),c={plan:e.plan,...r,...o&&{way:o}};this.run(()=>this.view.actions.restore(t,c))}};function Ti(n){return n.target.checked}w("pihole-checkpoint-restore",_t);var $t=class extends M{static properties={...M.properties,entryId:{attribute:!1},isDecided:{attribute:!1},isRedo:{state:!0}};constructor(){super(),this.isRedo=!1}get target(){return this.entryId}get doneTitle(){return this.view.words.say(this.isRedo?"redone_title":"undone_title")}firstUpdated(e){super.firstUpdated(e);let{feed:t}=this.view;this.isRedo=this.entryId===t.entryId&&t.pihole?.restore?.kind==="redo",this.isDecided&&this.#e()}#e(){this.run(()=>this.view.actions.undoRestore(this.entryId))}askingTitle(){return this.view.words.say(this.isRedo?"redo_title":"undo_title")}body(){let{words:e}=this.view;return this.phase==="running"?this.runningBody():this.phase==="done"&&this.answer?this.resultBody(this.answer):this.phase==="lost"?this.lostBody():this.phase==="failed"?d:a`<p class="state">
      ${v("information-outline")}<span
        >${e.say(this.isRedo?"redo_question":"undo_question")}</span
      >
    </p>`}buttons(){let{words:e}=this.view;if(this.phase!=="asking"){let t=this.isRedo?"undo":"redo";return a`${this.phase==="running"?d:this.takeBackButton(t)}
      ${this.closeButton()}`}return a`${g(e.say("cancel"),()=>this.close())}
    ${g(e.say(this.isRedo?"redo":"undo"),()=>this.#e(),{looks:"filled"})}`}};w("pihole-checkpoint-undo",$t);var ne=class{#e;#t;#s=null;#i=null;#n=null;constructor(e,t){this.#e=e,this.#t=t}open(e,t){let s=Si(e,t);if(s){let i=t.feed.backups.findIndex(({id:r})=>r===s);this.#i={backupId:s,index:i}}this.#n=null,this.#s?.kind===e.kind&&(this.#s=null,this.#e.requestUpdate()),this.#e.updateComplete.then(()=>{this.#s=e,this.#e.requestUpdate()})}forget(){this.#s=null,this.#i=null,this.#n=null}get changing(){let e=this.#e.renderRoot.querySelector("pihole-checkpoint-restore, pihole-checkpoint-undo");return e?.isShowingRestore?e:null}afterwards(e){this.#n=e}#r(e){if(this.#s!==e)return;let[t,s]=[this.#i,this.#n];this.forget(),this.#e.requestUpdate(),s?.(),this.#e.updateComplete.then(()=>this.#t(t))}template(e){let t=this.#s;if(!t)return d;let s=()=>this.#r(t);switch(t.kind){case"details":return a`<pihole-checkpoint-details
          .view=${e}
          .backup=${t.backup}
          @checkpoint-closed=${s}
        ></pihole-checkpoint-details>`;case"compare":return a`<pihole-checkpoint-compare
          .view=${e}
          .backup=${t.backup}
          @checkpoint-closed=${s}
        ></pihole-checkpoint-compare>`;case"restore":return a`<pihole-checkpoint-restore
          .view=${e}
          .backup=${t.backup}
          .wanted=${t.wanted}
          .chosenTarget=${t.target??null}
          @checkpoint-closed=${s}
        ></pihole-checkpoint-restore>`;case"undo":return a`<pihole-checkpoint-undo
          .view=${e}
          .entryId=${t.entryId}
          .isDecided=${t.isDecided}
          @checkpoint-closed=${s}
        ></pihole-checkpoint-undo>`}}};function Si(n,{feed:e}){return n.kind==="details"?n.backup.id:n.kind==="undo"&&!n.isDecided?e.pihole?.restore?.backup_id??null:null}var Ts=[1,2,4,8,15],Ai=30,Ei=["not_loaded","unknown_command"],re=class{phase="loading";online=!0;pihole=null;backups=[];total=0;problem=null;isPaging=!1;entryId;#e;#t;#s;#i;#n;#r=0;#l=0;#o;#a=null;constructor(e,t,s,i){this.entryId=t,this.#t=e,this.#s=e.connection,this.#i=s,this.#n=s,this.#e=i}start(){this.#s.addEventListener("ready",this.resume),this.#s.addEventListener("disconnected",this.#h),this.#c()}stop(){this.#r+=1,clearTimeout(this.#o),this.#s.removeEventListener("ready",this.resume),this.#s.removeEventListener("disconnected",this.#h),this.#d()}resume=()=>{this.#l=0,this.#c()};get hasMore(){return this.backups.length<this.total}more(){!this.hasMore||this.isPaging||(this.#n=this.backups.length+this.#i,this.#y())}find(e){return this.backups.find(({id:t})=>t===e)}#d(){let e=this.#a;this.#a=null,e&&Ss(e)}#h=()=>{this.#r+=1,clearTimeout(this.#o),this.#a=null,this.online=!1,this.isPaging=!1,this.#e.changed([])};async#c(){clearTimeout(this.#o),this.#d(),this.#r+=1,this.isPaging=!1;let e=this.#r,t=()=>e===this.#r,s={type:`${T}/subscribe`,config_entry_id:this.entryId,limit:Math.min(this.#n,200)};try{let i=await this.#s.subscribeMessage(r=>{t()&&this.#g(r)},s,{resubscribe:!1});t()?this.#a=i:Ss(i)}catch(i){t()&&this.#u(i)}}#u(e){this.phase=Ei.includes(e.code)?"unloaded":"failed",this.problem=e,this.#e.changed([]),this.#f()}#f(){let e=Ts[Math.min(this.#l,Ts.length-1)]??1;this.#l+=1,clearTimeout(this.#o),this.#o=setTimeout(()=>{this.#c()},e*1e3)}#g(e){switch(e.kind){case"snapshot":clearTimeout(this.#o),this.#l=0,this.online=!0,this.phase="ready",this.problem=null,this.pihole=e.pihole,this.total=e.total,this.backups=e.backups,this.isPaging=!1,this.#y(!0).then(()=>{this.#e.changed([])});break;case"update":this.#p(e);break;case"happening":this.#e.happened(e.type,e.data??{});break;case"unloaded":this.phase="unloaded",this.isPaging=!1,this.#e.changed([]),clearTimeout(this.#o),this.#o=setTimeout(this.resume,Ai*1e3);break}}#p(e){let{pihole:t,added:s=[],changed:i=[],removed:r=[],total:o}=e;t&&this.pihole&&(this.pihole={...this.pihole,...t});let c=!this.hasMore;o!==void 0&&(this.total=o);let l=new Set([...r,...s.map(({id:m})=>m)]),h=new Map(i.map(m=>[m.id,m])),u=this.backups.filter(({id:m})=>!l.has(m)).map(m=>h.get(m.id)??m),p=u.at(-1),b=s.filter(m=>c||!p||As(m,p)),y=b.length?[...b,...u].sort((m,P)=>As(m,P)?-1:1):u;this.backups=y.slice(0,this.#n),this.#e.changed(b.map(({id:m})=>m)),this.#y()}async#y(e=!1){if(this.isPaging||!this.#m()||!this.online)return;let t=this.#r;this.isPaging=!0,e||this.#e.changed([]);try{for(;;){let s=this.backups.at(-1),{backups:i,total:r}=await this.#t.callWS({type:`${T}/backups`,config_entry_id:this.entryId,...s&&{after:s.id},limit:Math.min(this.#n-this.backups.length,200)});if(t!==this.#r)return;let o=new Set(this.backups.map(({id:l})=>l)),c=i.filter(({id:l})=>!o.has(l));if(this.total=r,this.backups=[...this.backups,...c],!c.length||!this.#m())break;e||this.#e.changed([])}}catch{t===this.#r&&this.#f()}finally{t===this.#r&&(this.isPaging=!1,e||this.#e.changed([]))}}#m(){return this.backups.length<Math.min(this.#n,this.total)}};function Ss(n){Promise.resolve(n()).catch(()=>{})}function As(n,e){let[t,s]=[Date.parse(n.created_at),Date.parse(e.created_at)];return t===s?n.id>e.id:t>s}var $e=new Map;function Es(n){return $e.set(n,($e.get(n)??0)+1),()=>{$e.set(n,($e.get(n)??1)-1)}}function kt(n,e,t){let{words:s,feed:i,toast:r}=n,{entryId:o}=i,c=N(t.message),l=`attempt-${o}`,h=`restore-${o}`;switch(e){case"completed":{r(Ri(n,t.headline??null),{id:l});break}case"unchanged":r(s.say("toast_unchanged"),{id:l});break;case"failed":if($e.get(o))break;r(s.say("toast_failed",{reason:c}),{id:l,isFailure:!0});break;case"damaged":r(s.say("toast_damaged"),{id:`damaged-${t.backup_id??""}`,isFailure:!0});break;case"restored":r(...Pi(n,t));break;case"restore_failed":r(s.say("toast_restore_failed",{reason:c}),{id:h,isFailure:!0});break}}function Ri({words:n,feed:e},t){return t?.length?n.say("toast_completed_changes",{changes:L(n,t)}):t?n.say("toast_completed_same"):n.say(e.pihole?.count===1?"toast_completed_first":"toast_completed")}function Pi(n,e){let{words:t,feed:s,isAdmin:i,open:r}=n,{entryId:o}=s,c=s.pihole?.restore?.kind==="redo",l=c?"undone_title":"toast_restored",h=t.say(e.proven===!1?"toast_restored_unproven":l),u={text:t.say(c?"redo":"undo"),action:()=>r({kind:"undo",entryId:o,isDecided:!0})};return[h,{id:`restore-${o}`,...i&&e.safety_backup_id&&{action:u}}]}var oe=class{#e;#t;#s=!1;#i;#n=new IntersectionObserver(([e])=>{this.#s=e?.isIntersecting??!1,this.#r()});#r=()=>{let e=this.#s&&document.visibilityState==="visible";e!==(this.#i!==void 0)&&(clearInterval(this.#i),this.#i=e?setInterval(this.#t,1e4):void 0,e&&this.#t())};constructor(e,t){this.#e=e,this.#t=t,e.addController(this)}hostConnected(){this.#n.observe(this.#e),document.addEventListener("visibilitychange",this.#r)}hostDisconnected(){this.#n.disconnect(),document.removeEventListener("visibilitychange",this.#r),this.#s=!1,this.#r()}};var Ci=6e3,Oi=12e3,Ii=-1,Bi=1500,je=new Map;function ae(n,e,t){let{id:s,action:i,isFailure:r=!1}=t,o=Date.now();for(let[u,p]of je)o-p>Bi&&je.delete(u);let c=`${s} ${e}`;if(je.has(c))return!1;je.set(c,o);let l={id:`${T}-${s}`,message:e,duration:r?Ii:i?Oi:Ci,dismissable:!0,...i&&{action:i}};return(n.isConnected?n:document.querySelector("home-assistant"))?.dispatchEvent(new CustomEvent("hass-notification",{detail:l,bubbles:!0,composed:!0})),!0}async function Ps(n,e,t){for(let s of e){let i=_(s.name),r=Mi(n,s,i);if(r){n.toast(r,{id:`upload-${i}`,isFailure:!0});continue}t(i),await Li(n,s,i)}t(null)}async function Li({actions:n,words:e,toast:t},s,i){let r=`upload-${i}`;try{let{backups:o,already_stored:c}=await n.upload(s),[l]=o;if(!c||!l)return;let h=e.format.time(l.created_at);t(e.say("upload_already_stored",{name:i,time:h}),{id:r})}catch(o){let c=await e.error(o);t(e.say("upload_failed",{name:i,reason:c}),{id:r,isFailure:!0})}}function Mi({words:n},e,t){return e.name.toLowerCase().endsWith(".zip")?e.size<=104857600?null:n.say("upload_too_large",{name:t,size:n.format.size(104857600)}):n.say("upload_not_zip",{name:t})}var xt=class extends k{static styles=[$,f`
      .message {
        display: grid;
        justify-items: center;
        gap: 10px;
        padding: 28px var(--pc-pad) 32px;
        text-align: center;
      }
      p {
        margin: 0;
        max-inline-size: 44ch;
        overflow-wrap: anywhere;
      }
      .sign {
        color: var(--pc-faint);
      }
    `];render(){let{feed:e,words:t}=this.view,{phase:s}=e,i=s==="loading";return a`<div class="message" role="status">
      <span class="sign">${i?E():v("alert-circle-outline")}</span>
      <p dir="auto">${Tt(this.view)}</p>
      ${i?d:g(t.say("try_again"),e.resume,{name:"try-again"})}
    </div>`}};function Tt({feed:n,words:e,problem:t}){if(!n.online)return e.say("error_connection");let s={loading:"loading",unloaded:"not_loaded",failed:"load_failed",ready:"loading"};return e.say(s[n.phase],{reason:t})}w("pihole-checkpoint-message",xt);var St=class extends k{static properties={...k.properties,isPressed:{type:Boolean}};static styles=[$,f`
      :host {
        block-size: 100%;
      }
      .compact {
        display: flex;
        align-items: center;
        gap: 4px 12px;
        padding: 10px 12px;
        box-sizing: border-box;
        min-block-size: 100%;
        flex-wrap: wrap;
      }
      .logo {
        inline-size: 36px;
        block-size: 36px;
        flex: none;
        --pc-way: #5b5bd6;
        --pc-flag: #e8590c;
      }
      .who {
        flex: 1 1 120px;
        min-inline-size: 0;
        display: grid;
        border: 0;
        padding: 0;
        background: none;
        font: inherit;
        color: inherit;
        text-align: start;
        cursor: pointer;
      }
      h2 {
        margin: 0;
        font-size: 14px;
        font-weight: 500;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .button-start {
        display: grid;
        place-items: center;
      }
      .state {
        font-size: 12px;
        overflow: hidden;
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
      }
    `];render(){let{title:e,words:t}=this.view,s=()=>this.dispatchEvent(new CustomEvent("back-up",{bubbles:!0,composed:!0}));return a`<div class="compact">
      ${q}
      <button type="button" class="who" @click=${()=>this.#t()}>
        <h2 dir="auto">${e||t.say("card_name")}</h2>
        ${this.#e()}
      </button>
      ${pt(this.view,this.isPressed,s)}
    </div>`}#e(){let{words:e,feed:t}=this.view,[s]=ht(this.view);if(s)return a`<span class=${`state ${s.kind==="error"?"bad":"warn"}`}
        >${s.text}</span
      >`;let i=t.pihole?.last_backup,r=i?e.say("last_backup_ago",{ago:e.format.relative(i)}):t.pihole?e.say("empty"):Tt(this.view);return a`<span class="state faint">${r}</span>`}focusOpener(){this.renderRoot.querySelector(".who")?.focus()}#t(){let[e]=this.view.feed.backups;e&&this.view.open({kind:"details",backup:e})}};w("pihole-checkpoint-compact",St);var At=class extends S{static properties={isOpen:{attribute:!1},hint:{attribute:!1},isDraggedOver:{state:!0}};static styles=[$,f`
      :host {
        position: relative;
        block-size: 100%;
      }
      .veil {
        position: absolute;
        inset: 6px;
        z-index: 5;
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 8px;
        padding: 16px;
        text-align: center;
        pointer-events: none;
        font-weight: 500;
        color: var(--pc-accent-ink);
        border: 2px dashed var(--pc-accent);
        border-radius: var(--pc-round);
        background: color-mix(in srgb, var(--pc-surface) 92%, var(--pc-accent));
      }
    `];constructor(){super(),this.isOpen=!1,this.hint="",this.isDraggedOver=!1,this.addEventListener("dragover",e=>this.#e(e)),this.addEventListener("dragleave",()=>{this.isDraggedOver=!1}),this.addEventListener("drop",e=>this.#t(e))}choose(){this.isOpen&&this.renderRoot.querySelector("input")?.click()}render(){return a`<slot></slot>
      <input
        type="file"
        accept=".zip,application/zip"
        multiple
        hidden
        @change=${e=>this.#s(e.target)}
      />
      ${this.isDraggedOver?a`<div class="veil" aria-hidden="true">
              ${v("upload")}<span>${this.hint}</span>
            </div>`:d}`}#e(e){e.dataTransfer?.types.includes("Files")&&(e.preventDefault(),this.isDraggedOver=this.isOpen,this.isOpen||(e.dataTransfer.dropEffect="none"))}#t(e){this.isDraggedOver&&(e.preventDefault(),this.isDraggedOver=!1,this.#i(e.dataTransfer?.files))}#s(e){let t=e.files;this.#i(t),e.value=""}#i(e){let t=[...e??[]];this.dispatchEvent(new CustomEvent("files-taken",{detail:t}))}};w("pihole-checkpoint-drop-zone",At);/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var Cs={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Os=n=>(...e)=>({_$litDirective$:n,values:e}),Fe=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,s){this._$Ct=e,this._$AM=t,this._$Ci=s}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}};/**
 * @license
 * Copyright 2020 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var{I:Ni}=Xt,Is=n=>n;var Bs=()=>document.createComment(""),le=(n,e,t)=>{let s=n._$AA.parentNode,i=e===void 0?n._$AB:e._$AA;if(t===void 0){let r=s.insertBefore(Bs(),i),o=s.insertBefore(Bs(),i);t=new Ni(r,o,n,n.options)}else{let r=t._$AB.nextSibling,o=t._$AM,c=o!==n;if(c){let l;t._$AQ?.(n),t._$AM=n,t._$AP!==void 0&&(l=n._$AU)!==o._$AU&&t._$AP(l)}if(r!==i||c){let l=t._$AA;for(;l!==r;){let h=Is(l).nextSibling;Is(s).insertBefore(l,i),l=h}}}return t},D=(n,e,t=n)=>(n._$AI(e,t),n),Di={},Ls=(n,e=Di)=>n._$AH=e,Ms=n=>n._$AH,Ge=n=>{n._$AR(),n._$AA.remove()};/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var Ns=(n,e,t)=>{let s=new Map;for(let i=e;i<=t;i++)s.set(n[i],i);return s},Ds=Os(class extends Fe{constructor(n){if(super(n),n.type!==Cs.CHILD)throw Error("repeat() can only be used in text expressions")}dt(n,e,t){let s;t===void 0?t=e:e!==void 0&&(s=e);let i=[],r=[],o=0;for(let c of n)i[o]=s?s(c,o):o,r[o]=t(c,o),o++;return{values:r,keys:i}}render(n,e,t){return this.dt(n,e,t).values}update(n,[e,t,s]){let i=Ms(n),{values:r,keys:o}=this.dt(e,t,s);if(!Array.isArray(i))return this.ut=o,r;let c=this.ut??=[],l=[],h,u,p=0,b=i.length-1,y=0,m=r.length-1;for(;p<=b&&y<=m;)if(i[p]===null)p++;else if(i[b]===null)b--;else if(c[p]===o[y])l[y]=D(i[p],r[y]),p++,y++;else if(c[b]===o[m])l[m]=D(i[b],r[m]),b--,m--;else if(c[p]===o[m])l[m]=D(i[p],r[m]),le(n,l[m+1],i[p]),p++,m--;else if(c[b]===o[y])l[y]=D(i[b],r[y]),le(n,i[p],i[b]),b--,y++;else if(h===void 0&&(h=Ns(o,y,m),u=Ns(c,p,b)),h.has(c[p]))if(h.has(c[b])){let P=u.get(o[y]),qe=P!==void 0?i[P]:null;if(qe===null){let Ot=le(n,i[p]);D(Ot,r[y]),l[y]=Ot}else l[y]=D(qe,r[y]),le(n,i[p],qe),i[P]=null;y++}else Ge(i[b]),b--;else Ge(i[p]),p++;for(;y<=m;){let P=le(n,l[m+1]);D(P,r[y]),l[y++]=P}for(;p<=b;){let P=i[p++];P!==null&&Ge(P)}return this.ut=o,Ls(n,l),B}});function Hs(n,e){let t=Hi(n),s=t?.getBoundingClientRect().top;if(e(),!t?.isConnected||s===void 0)return;let i=t.getBoundingClientRect().top-s;i&&zi(n)?.scrollBy({top:i,behavior:"instant"})}function Hi(n){let e=s=>s.getBoundingClientRect().bottom<=0,t=n.firstElementChild;return!t||!e(t)?null:[...n.children].find(s=>!e(s))??null}function zi(n){let e=n;for(;e;){if(e instanceof Element&&e.scrollHeight>e.clientHeight&&["auto","scroll"].includes(getComputedStyle(e).overflowY))return e;e=Ui(e)}return document.scrollingElement}function Ui(n){return n instanceof Element&&n.assignedSlot?n.assignedSlot:n.parentNode??(n instanceof ShadowRoot?n.host:null)}var Vi=1200,Wi=1440*60*1e3,Et=class extends k{static properties={...k.properties,fresh:{attribute:!1},uploading:{attribute:!1}};static styles=[$,f`
      .bar,
      .foot {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 4px 12px;
        padding: 12px var(--pc-pad) 4px;
      }
      h3 {
        margin: 0;
        font-size: 16px;
        font-weight: 500;
      }
      .count,
      .damaged-count {
        color: var(--pc-faint);
        font-weight: 400;
        font-variant-numeric: tabular-nums;
      }
      .damaged-count {
        color: var(--pc-bad-ink);
        font-size: 13px;
      }
      .uploading {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 4px var(--pc-pad) 8px;
        overflow-wrap: anywhere;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        overflow: clip;
      }
      li {
        display: flex;
        align-items: center;
        border-block-start: 1px solid var(--pc-line);
        contain: layout style;
      }
      li:hover {
        background: var(--pc-hover);
      }
      .row {
        flex: 1 1 auto;
        min-inline-size: 0;
        display: grid;
        gap: 1px;
        padding: 10px var(--pc-pad);
        border: 0;
        background: none;
        font: inherit;
        color: inherit;
        text-align: start;
        cursor: pointer;
      }
      .row:focus-visible {
        outline-offset: -2px;
      }
      .when {
        color: var(--pc-faint);
        font-variant-numeric: tabular-nums;
      }
      .changes {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .rest {
        color: var(--pc-faint);
        font-size: 13px;
        overflow-wrap: anywhere;
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 3;
        overflow: hidden;
      }
      .rest ha-icon {
        --mdc-icon-size: 15px;
        inline-size: 15px;
        block-size: 15px;
        vertical-align: -2px;
      }
      .undo-restore {
        flex: none;
        margin-inline-end: 8px;
      }
      @container card (width < 480px) {
        li:has(.undo-restore) {
          flex-wrap: wrap;
        }
        li:has(.undo-restore) .row {
          flex-basis: calc(100% - 48px);
        }
        .undo-restore {
          order: 1;
          margin-block-end: 6px;
        }
      }
      .chevron {
        color: var(--pc-faint);
        margin-inline-end: 10px;
      }
      .chevron:dir(rtl) {
        scale: -1 1;
      }
      .empty {
        padding: 20px var(--pc-pad) 28px;
        text-align: center;
      }
      .empty p {
        margin: 4px 0;
      }
      .foot {
        border-block-start: 1px solid var(--pc-line);
        padding-block: 6px 10px;
      }
    `];constructor(){super(),this.fresh=[],this.uploading=null}render(){let{feed:e,words:t,isAdmin:s,isReady:i}=this.view,{backups:r,pihole:o,total:c}=e,l=o?.count!==null,h=o?.count??c,u=o?.damaged??0;return a`
      <div class="bar">
        <h3>
          ${t.say("backups")}
          ${l?a`<span class="count">${t.format.number(h)}</span>`:d}
          ${u?a`<span class="damaged-count bad"
                  >${t.count("count_damaged",u)}</span
                >`:d}
        </h3>
        ${s?g(t.say("upload"),()=>this.#t("choose-upload"),{iconName:"upload",isOff:!i||this.uploading!==null,name:"upload"}):d}
      </div>
      ${this.uploading===null?d:a`<div class="uploading" role="status">
              ${E()}<span>${t.say("uploading",{name:this.uploading})}</span>
            </div>`}
      <ul aria-label=${t.say("backups")}>
        ${Ds(r,({id:p})=>p,p=>this.#s(p))}
      </ul>
      ${r.length||c||!l?d:a`<div class="empty">
              <p>${t.say("empty")}</p>
              <p class="faint">${t.say("empty_hint")}</p>
            </div>`}
      ${e.hasMore?a`<div class="foot">
              <span class="faint shown">${this.#e(h)}</span>${g(t.say("show_more"),()=>e.more(),{isBusy:e.isPaging,isOff:!i,name:"show-more"})}
            </div>`:d}
    `}#e(e){let{feed:t,words:s}=this.view,i=t.backups.filter(({status:h})=>h==="good").length,[r,o]=[i,e].map(h=>s.format.number(h)),c=s.say("shown_of",{shown:r??"",total:o??""}),l=t.pihole?.damaged??0;return l?s.format.join([c,s.count("count_damaged",l)]):c}#t(e){this.dispatchEvent(new CustomEvent(e,{bubbles:!0,composed:!0}))}#s(e){let{words:t}=this.view,{format:s}=t;return a`<li data-id=${e.id} data-status=${e.status}>
      <button type="button" class="row" @click=${()=>this.view.open({kind:"details",backup:e})}>
        <span class="when"
          >${s.time(e.created_at)} · ${s.relative(e.created_at)}</span
        >
        ${e.status==="good"?d:a`<span class="status bad"
                >${v("alert-circle-outline")} ${t.say(`status_${e.status}`)}</span
              >`}
        <span class="changes">${De(t,e)}</span>
        <span class="rest">${this.#i(e)}</span>
      </button>
      ${this.#n(e)}${v("chevron-right","chevron")}
    </li>`}#i(e){let{words:t}=this.view,s=[t.trigger(e.trigger),t.format.size(e.file_size)];if(e.confirmed_at){let i=t.format.relative(e.confirmed_at);s.push(t.say("status_confirmed",{ago:i}))}return a`${e.pinned?a`<span class="pinned">${v("pin")} ${t.say("status_pinned")} · </span>`:d}${s.join(" · ")}${e.note?a` · <span class="note">${x(e.note)}</span>`:d}`}#n(e){let{words:t,feed:s,isAdmin:i,isReady:r}=this.view,o=s.pihole?.restore;if(!i||o?.backup_id!==e.id)return d;if(Date.now()-Date.parse(o.at)>Wi)return d;let c=s.entryId;return g(t.say(o.kind==="redo"?"redo_restore":"undo_restore"),()=>this.view.open({kind:"undo",entryId:c,isDecided:!1}),{iconName:o.kind==="redo"?"redo":"undo",isOff:!r,name:"undo-restore"})}update(e){let t=this.renderRoot.querySelector("ul");t?Hs(t,()=>super.update(e)):super.update(e)}updated(e){if(!(!e.has("fresh")||matchMedia("(prefers-reduced-motion: reduce)").matches))for(let t of this.fresh)this.renderRoot.querySelector(`li[data-id="${CSS.escape(t)}"]`)?.animate([{transform:"translateY(-100%)",backgroundColor:"var(--pc-hover)"},{transform:"none",backgroundColor:"var(--pc-hover)",offset:.2},{backgroundColor:"transparent"}],{duration:Vi,easing:"ease-out"})}focusRow(e){let t=[...this.renderRoot.querySelectorAll(".row")];t[Math.min(Math.max(e,0),t.length-1)]?.focus({preventScroll:!0})}};w("pihole-checkpoint-rows",Et);var ji=100,Rt=class extends S{static properties={hass:{attribute:!1},words:{attribute:!1},entryId:{attribute:!1},config:{attribute:!1},isPreview:{attribute:!1},view:{state:!0},fresh:{state:!0},isPressed:{state:!0},uploading:{state:!0},readOut:{state:!0}};static styles=[$,f`
      :host {
        container: card / inline-size;
        block-size: 100%;
      }
    `];#e=null;#t="";#s=new ne(this,e=>this.#f(e));#i=new ze(e=>this.#y(e));constructor(){super(),this.isPreview=!1,this.view=null,this.fresh=[],this.isPressed=!1,this.uploading=null,this.readOut="",this.addController(new oe(this,()=>this.#a()))}connectedCallback(){super.connectedCallback(),this.hasUpdated&&this.#n()}disconnectedCallback(){super.disconnectedCallback(),this.#r()}willUpdate(e){let t=e.get("hass"),s=e.has("hass")&&t?.connection!==this.hass.connection,i=e.has("config")&&e.get("config")?.rows!==this.config.rows;e.has("entryId")||s||i?this.#n():(e.has("words")||e.has("config")||e.has("hass"))&&this.#a()}#n(){this.#r(),this.#e=new re(this.hass,this.entryId,this.config.rows,{changed:e=>this.#l(e),happened:(e,t)=>this.#p(e,t)}),this.#e.start(),this.#a()}#r(){this.#i.forget(),this.#s.forget(),this.#e?.stop(),this.#e=null}#l(e){let t=this.#e?.pihole??null;t?.running&&(this.isPressed=!1),this.#i.watch(t),e.length&&(this.fresh=e),this.#a(),this.#e?.problem&&this.#o(this.#e.problem)}async#o(e){this.#t=await this.words.error(e),this.#a(),this.dispatchEvent(new CustomEvent("pihole-missing"))}#a(){let e=this.#e;if(!e)return;let{hass:t,words:s,config:i}=this;this.view={words:s,feed:e,actions:new j(t,e.entryId),isAdmin:t.user?.is_admin??!1,isReady:e.phase==="ready"&&e.online,title:_([i.title,e.pihole?.title].find(Boolean)),problem:this.#t,piholes:()=>X(t),open:r=>this.#c(r),toast:(r,o)=>this.#m(r,o)}}render(){let{view:e}=this;return e?a`${this.config.layout==="compact"?this.#d(e):this.#h(e)}
      ${this.#s.template(e)}
      <div class="unseen live" role="status" aria-live="polite">${this.readOut}</div>`:d}#d(e){return a`<pihole-checkpoint-compact
      .view=${e}
      .isPressed=${this.isPressed}
      @back-up=${()=>this.#g()}
    ></pihole-checkpoint-compact>`}#h(e){return a`<pihole-checkpoint-drop-zone
      .isOpen=${e.isAdmin&&e.isReady&&this.uploading===null}
      .hint=${e.words.say("drop_here")}
      @files-taken=${t=>this.#w(t.detail)}
    >
      <pihole-checkpoint-header
        .view=${e}
        .isPressed=${this.isPressed}
        @back-up=${()=>this.#g()}
      ></pihole-checkpoint-header>
      ${e.feed.pihole?a`<pihole-checkpoint-rows
              .view=${e}
              .fresh=${this.fresh}
              .uploading=${this.uploading}
              @choose-upload=${()=>this.#b()}
            ></pihole-checkpoint-rows>`:a`<pihole-checkpoint-message .view=${e}></pihole-checkpoint-message>`}
    </pihole-checkpoint-drop-zone>`}#c(e){let{view:t}=this;t&&(this.isConnected?this.#s.open(e,t):e.kind==="undo"&&this.#u(t,e.entryId))}#u({words:e,feed:t,actions:s},i){let r=t.pihole?.restore?.kind==="redo"?"redone_title":"undone_title";s.undoRestore(i).then(()=>this.#m(e.say(r),{id:`restore-${i}`}),o=>this.#v(o,"toast_restore_failed"))}#f(e){if(!e)return;let t=this.#e?.backups.findIndex(({id:s})=>s===e.backupId)??-1;this.renderRoot.querySelector("pihole-checkpoint-rows")?.focusRow(t<0?e.index:t),this.renderRoot.querySelector("pihole-checkpoint-compact")?.focusOpener()}async#g(){let{view:e}=this,t=e?.feed.pihole;if(this.isPressed||!e?.isReady||!t||t.stage||t.running)return;this.isPressed=!0;let s=Es(e.feed.entryId);try{await e.actions.backUp()}catch(i){await this.#v(i,"toast_failed")}finally{s(),this.isPressed=!1}}#p(e,t){let{view:s}=this;if(!s||this.isPreview)return;let i=this.#s.changing;i&&e==="restore_failed"?i.canTakeBack=!!t.safety_backup_id&&t.reason!=="restore_refused":i&&e==="restored"?this.#s.afterwards(()=>this.view&&kt(this.view,e,t)):kt(s,e,t)}#y(e){if(this.isPreview)return;let t=this.words.format.number(e),s=this.words.say("toast_deadline",{seconds:t});this.#m(s,{id:`attempt-${this.entryId}`,isFailure:!0})}#m(e,t){ae(this,e,t)&&(this.readOut="",setTimeout(()=>{this.readOut=e},ji))}async#v(e,t){let s=this.words.say(t,{reason:await this.words.error(e)});this.#m(s,{id:`attempt-${this.entryId}`,isFailure:!0})}#b(){this.renderRoot.querySelector("pihole-checkpoint-drop-zone")?.choose()}#w(e){let{view:t}=this;!t||this.uploading!==null||Ps(t,e,s=>{this.uploading=s})}};w("pihole-checkpoint-pihole",Rt);var Fi=1,Pt=class extends S{static properties={hass:{attribute:!1},words:{attribute:!1},names:{attribute:!1},heading:{attribute:!1},differences:{state:!0}};static styles=[$,f`
      .head {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: var(--pc-pad) var(--pc-pad) 8px;
      }
      .logo {
        inline-size: 36px;
        block-size: 36px;
        flex: none;
        --pc-way: #5b5bd6;
        --pc-flag: #e8590c;
      }
      h2 {
        margin: 0;
        font-size: 20px;
        font-weight: 500;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0 0 8px;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 8px;
        padding-inline-end: 12px;
        border-block-start: 1px solid var(--pc-line);
      }
      li:hover {
        background: var(--pc-hover);
      }
      .pihole {
        flex: 1;
        min-inline-size: 0;
        display: grid;
        gap: 1px;
        padding: 10px var(--pc-pad);
        border: 0;
        background: none;
        font: inherit;
        color: inherit;
        text-align: start;
        cursor: pointer;
      }
      .name {
        font-weight: 600;
      }
      .from {
        flex-basis: 100%;
        padding: 0 0 8px;
      }
      .button-start {
        display: grid;
        place-items: center;
      }
      .chevron:dir(rtl) {
        scale: -1 1;
      }
    `];#e=new Map;#t=new Set;#s="";#i=new ne(this,()=>{});constructor(){super(),this.differences=new Map,this.addController(new oe(this,()=>this.requestUpdate()))}disconnectedCallback(){super.disconnectedCallback();for(let e of this.#e.values())e.stop();this.#e.clear(),this.#i.forget()}willUpdate(){let e=new Set(this.names.map(({config_entry_id:t})=>t));for(let[t,s]of this.#e)e.has(t)||(s.stop(),this.#e.delete(t));for(let t of e){if(this.#e.has(t))continue;let s=()=>{this.requestUpdate(),this.#n()},i=new re(this.hass,t,Fi,{changed:s,happened:()=>{}});this.#e.set(t,i),i.start()}}async#n(){let e=[...this.#e.values()].map(t=>t.pihole?.last_backup).join();if(e!==this.#s){this.#s=e;try{let t=await es(this.hass);this.differences=new Map(t.map(s=>[s.config_entry_id,s]))}catch{this.#s=""}}}render(){return a`<div class="head">
        ${q}
        <h2 dir="auto">${this.heading||this.words.say("card_name")}</h2>
      </div>
      <ul>
        ${this.names.map((e,t)=>this.#l(e,t))}
      </ul>
      ${this.#r?this.#i.template(this.#c(this.#r)):d}`}get#r(){return this.#e.get(this.names[0]?.config_entry_id??"")}#l({config_entry_id:e,title:t},s){let{words:i}=this,r=this.#e.get(e),o=r?.pihole??null,c=i.stage(o)??(this.#t.has(e)?i.say("stage_starting"):null);return a`<li data-id=${e}>
      <button type="button" class="pihole" @click=${()=>this.dispatchEvent(new CustomEvent("pihole-opened",{detail:e}))}>
        <span class="name">${x(o?.title??t)}</span>
        <span class="faint">${this.#o(r)}</span>
        ${s===0?d:this.#a(e)}
      </button>
      ${g(c??i.say("backup_now"),()=>{this.#u(e)},{iconName:"backup-restore",isBusy:c!==null,isOff:r?.phase!=="ready"||!r.online,name:"backup-now"})}
      ${v("chevron-right","faint chevron")} ${s===0?d:this.#d(e)}
    </li>`}focusPihole(e){let t=this.names.findIndex(({config_entry_id:s})=>s===e);[...this.renderRoot.querySelectorAll(".pihole")][Math.max(t,0)]?.focus()}#o(e){let{words:t}=this;if(e?.phase!=="ready"||!e.pihole)return t.say(e?.phase==="loading"?"loading":"not_loaded");let{pihole:s}=e,i=s.last_backup,r=[t.say(s.reachable?"reachable":"unreachable"),i?t.say("last_backup_ago",{ago:t.format.relative(i)}):t.say("empty")],o=s.overdue||s.damaged>0||s.attempt?.result==="failed";if(s.attempt?.result==="failed"){let{at:l}=s.attempt;r.push(t.say("last_failed",{ago:t.format.relative(l)}))}s.overdue&&r.push(t.say("overdue")),s.damaged&&r.push(t.count("count_damaged",s.damaged));let c=o||!s.reachable?"bad":"";return a`${x(ut(s.url))} ·
      <span class=${c}>${r.join(" · ")}</span>`}#a(e){let{words:t}=this,s=this.differences.get(e)?.differences,i=this.names[0]?.title??"";return s==null?d:a`<span class="difference ${s?"":"faint"}"
      >${s?t.count("differences",s,{name:i}):t.say("differences_none",{name:i})}</span
    >`}#d(e){let{words:t,hass:s}=this;if(!s.user?.is_admin||!this.differences.get(e)?.differences)return d;let i=_(this.names[0]?.title??""),r=[this.#r,this.#e.get(e)].every(o=>o?.phase==="ready"&&o.online);return a`<div class="from">
      ${g(t.say("restore_from",{name:i}),()=>{this.#h(e)},{isOff:!r,name:"restore-from"})}
    </div>`}async#h(e){let t=this.#r;if(!t)return;let s=this.differences.get(t.entryId)?.backup_id,i=this.#c(t);try{let r=(await i.actions.backups()).find(({id:o})=>o===s);r&&this.#i.open({kind:"restore",backup:r,target:e},i)}catch(r){ae(this,await this.words.error(r),{id:`restore-${e}`,isFailure:!0})}}#c(e){let{hass:t,words:s}=this;return{words:s,feed:e,actions:new j(t,e.entryId),isAdmin:t.user?.is_admin??!1,isReady:e.phase==="ready"&&e.online,title:_(e.pihole?.title),problem:"",piholes:()=>X(t),open:i=>this.#i.open(i,this.#c(e)),toast:(i,r)=>ae(this,i,r)}}async#u(e){if(!this.#t.has(e)){this.#t.add(e),this.requestUpdate();try{await new j(this.hass,e).backUp()}catch(t){let s=await this.words.error(t),i={id:`attempt-${e}`,isFailure:!0};ae(this,this.words.say("toast_failed",{reason:s}),i)}finally{this.#t.delete(e),this.requestUpdate()}}}};w("pihole-checkpoint-piholes",Pt);var Gi=15e3,qi=["connection","language","localize","locale","user","config"],Ct=class extends S{static getConfigForm=os;static getStubConfig=as;static properties={hass:{attribute:!1,hasChanged:Ki},preview:{type:Boolean},config:{state:!0},piholes:{state:!0},opened:{state:!0},words:{state:!0}};static styles=[$,f`
      ha-card {
        display: block;
        overflow: clip;
        block-size: 100%;
      }
      .back {
        padding: 8px 8px 0;
      }
      .back:dir(rtl) ha-icon {
        scale: -1 1;
      }
      .none {
        display: grid;
        justify-items: center;
        gap: 10px;
        padding: 28px var(--pc-pad) 32px;
        text-align: center;
      }
      .none p {
        margin: 0;
      }
      .logo {
        inline-size: 40px;
        block-size: 40px;
        --pc-way: #5b5bd6;
        --pc-flag: #e8590c;
      }
    `];#e;constructor(){super(),this.hass=void 0,this.preview=!1,this.config=null,this.piholes=null,this.opened=null,this.words=null}setConfig(e){this.config=rs(e)}getCardSize(){return this.config?.layout==="compact"?2:4+Math.ceil((this.config?.rows??5)*1.5)}getGridOptions(){return this.config?.layout==="compact"?{columns:12,min_columns:6,rows:2,min_rows:2}:{columns:"full",min_columns:6,rows:"auto"}}connectedCallback(){super.connectedCallback(),this.hasUpdated&&this.#s()}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.#e)}get#t(){let e=this.piholes?.length===1?this.piholes[0]?.config_entry_id:null;return this.config?.entryId??this.opened??e??null}willUpdate(e){!e.has("hass")||!this.hass||(this.#n(this.hass),e.get("hass")?.connection!==this.hass.connection&&this.#s())}async#s(){if(clearTimeout(this.#e),!(!this.hass||this.config?.entryId)){try{this.#i(await X(this.hass))}catch{}!this.isConnected||this.#t||(clearTimeout(this.#e),this.#e=setTimeout(()=>{this.#s()},Gi))}}#i(e){let t=this.#t;t&&e.some(({config_entry_id:s})=>s===t)||(this.piholes=e,this.opened=null)}async#n(e){let t=await ge(e);(e===this.hass||!this.words)&&(this.words=t)}render(){let{hass:e,words:t,config:s}=this;return!e||!t||!s?d:a`<ha-card>${this.#r(e,t,s)}</ha-card>`}#r(e,t,s){let i=this.#t;return i?a`${this.opened?a`<div class="back">
                ${g(t.say("all_piholes"),()=>this.#l(null),{iconName:"arrow-left"})}
              </div>`:d}
        <pihole-checkpoint-pihole
          .hass=${e}
          .words=${t}
          .config=${s}
          .entryId=${i}
          .isPreview=${this.preview}
          @pihole-missing=${()=>{this.#s()}}
        ></pihole-checkpoint-pihole>`:this.piholes?.length?a`<pihole-checkpoint-piholes
        .hass=${e}
        .words=${t}
        .names=${this.piholes}
        .heading=${s.title}
        @pihole-opened=${r=>this.#l(r.detail)}
      ></pihole-checkpoint-piholes>`:a`<div class="none" role="status">
      ${q}
      <p>${t.say(this.piholes?"no_pihole":"loading")}</p>
      ${this.piholes&&e.user?.is_admin?a`<a href="/config/integrations/dashboard">${t.say("add_pihole")}</a>`:d}
    </div>`}#l(e){let t=this.opened;this.opened=e,e||this.#s(),this.updateComplete.then(()=>this.#o(t))}#o(e){let t=this.renderRoot.querySelector("pihole-checkpoint-piholes");e&&t?t.updateComplete.then(()=>t.focusPihole(e)):this.renderRoot.querySelector(".back .button")?.focus()}};function Ki(n,e){return!n||!e||qi.some(t=>n[t]!==e[t])}async function Yi(){let n=Be();n&&await ge(n);let e=window.customCards?.find(({type:s})=>s===Q),t=ye()?.find("card_description");e&&t&&(e.description=t)}w(Q,Ct);window.customCards??=[];window.customCards.some(({type:n})=>n===Q)||(window.customCards.push({type:Q,name:"Pi-hole Checkpoint",description:"",preview:!0,getEntitySuggestion:ls}),Yi());
